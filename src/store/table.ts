import type { Entity, Row } from '../schema/entity.ts'
import { deepFreeze } from './freeze.ts'
import { SortedIds } from './sorted-ids.ts'
import { type UniqueIndex, uniqueIndexes } from './unique-index.ts'

/** A field that points at rows of a table. */
export interface Reference {
  readonly field: string
  readonly to: string
  readonly onDelete: 'cascade' | 'null' | 'restrict'
}

interface Kept {
  readonly stored: Row
  readonly shown: Row
}

const NONE: readonly string[] = []

/** All rows of one entity, and the ways to find them. Rows are frozen. */
export class Table {
  readonly entity: Entity
  readonly references: readonly Reference[]
  readonly uniques: readonly UniqueIndex[]
  /** The ids of rows with at least one tag. */
  readonly tagged = new SortedIds()
  readonly #rows = new Map<string, Kept>()
  readonly #ids = new SortedIds()
  readonly #children = new Map<string, Map<string, SortedIds>>()
  readonly #tags = new Map<string, SortedIds>()

  constructor(entity: Entity) {
    this.entity = entity
    this.references = referencesOf(entity)
    this.uniques = uniqueIndexes(entity)
    for (const { field } of this.references) this.#children.set(field, new Map())
  }

  get ids(): readonly string[] {
    return this.#ids.list
  }

  /** The rows as reads show them, by id. */
  get rows(): Row[] {
    return this.ids.flatMap((id) => this.#rows.get(id)?.shown ?? [])
  }

  has(id: string): boolean {
    return this.#rows.has(id)
  }

  /** The row as reads show it. */
  get(id: string): Row | undefined {
    return this.#find(id)?.shown
  }

  /** The row as the store keeps it. */
  stored(id: string): Row | undefined {
    return this.#find(id)?.stored
  }

  /** The ids of rows whose `field` points at the row `parent`. */
  children(field: string, parent: string): readonly string[] {
    return this.#children.get(field)?.get(parent)?.list ?? NONE
  }

  withTag(tag: string): readonly string[] {
    return this.#tags.get(tag)?.list ?? NONE
  }

  /** The row with the same key in one of the unique indexes. */
  findUnique(fields: readonly string[], key: Readonly<Record<string, unknown>>): Row | undefined {
    const index = this.uniques.find((index) => index.fields.join() === fields.join())
    const id = index?.find(key)
    return id === undefined ? undefined : this.get(id)
  }

  put(stored: Row): void {
    const frozen = deepFreeze(stored)
    const shown = shownOf(this.entity, frozen)
    const before = this.#rows.get(frozen.id)
    if (before === undefined) this.#ids.add(frozen.id)
    else this.#unlink(before.shown)
    this.#rows.set(frozen.id, { stored: frozen, shown })
    this.#link(shown)
  }

  remove(id: string): void {
    const before = this.#rows.get(id)
    if (before === undefined) return
    this.#unlink(before.shown)
    this.#rows.delete(id)
    this.#ids.delete(id)
  }

  /** Ids are kept as they were sent, but a UUID is the same in any case. */
  #find(id: string): Kept | undefined {
    return this.#rows.get(id) ?? this.#rows.get(id.toLowerCase())
  }

  #link(row: Row): void {
    for (const index of this.uniques) index.put(row)
    for (const [field, parents] of this.#children) addTo(parents, idOf(row[field]), row.id)
    const tags = tagsOf(row)
    for (const tag of new Set(tags)) addTo(this.#tags, tag, row.id)
    if (tags.length > 0) this.tagged.add(row.id)
  }

  #unlink(row: Row): void {
    for (const index of this.uniques) index.remove(row)
    for (const [field, parents] of this.#children) removeFrom(parents, idOf(row[field]), row.id)
    const tags = tagsOf(row)
    for (const tag of new Set(tags)) removeFrom(this.#tags, tag, row.id)
    if (tags.length > 0) this.tagged.delete(row.id)
  }
}

/** The row as reads of its entity show it, frozen. */
export function shownOf({ show }: Entity, row: Row): Row {
  return show === undefined ? row : deepFreeze(show(row))
}

/** The id a reference holds. */
export function idOf(reference: unknown): string | undefined {
  if (typeof reference !== 'object' || reference === null || !('id' in reference)) return undefined
  return typeof reference.id === 'string' ? reference.id : undefined
}

/** The row's tags; none when it has the field unset or not at all. */
export function tagsOf({ tags }: Row): readonly string[] {
  return Array.isArray(tags) ? tags : NONE
}

function referencesOf({ fields }: Entity): Reference[] {
  return Object.entries(fields).flatMap(
    ([name, { reference, on_delete: onDelete = 'restrict' }]) =>
      reference === undefined ? [] : [{ field: name, to: reference, onDelete }],
  )
}

function addTo(sets: Map<string, SortedIds>, key: string | undefined, id: string): void {
  if (key === undefined) return
  let ids = sets.get(key)
  if (ids === undefined) {
    ids = new SortedIds()
    sets.set(key, ids)
  }
  ids.add(id)
}

function removeFrom(sets: Map<string, SortedIds>, key: string | undefined, id: string): void {
  const ids = key === undefined ? undefined : sets.get(key)
  if (key === undefined || ids === undefined) return
  ids.delete(id)
  if (ids.size === 0) sets.delete(key)
}
