import type { Entity, Row } from '../schema/entity.ts'
import { showRow } from '../schema/shown.ts'
import { Expiries } from './expiries.ts'
import { deepFreeze } from './freeze.ts'
import { endOf, secondsLeft, withoutEnd } from './lifetime.ts'
import { parentOf, type Reference, referencesOf } from './links.ts'
import { Overlay } from './overlay.ts'
import { RowIndexes } from './row-indexes.ts'
import type { UniqueIndex } from './unique-index.ts'

interface Kept {
  readonly stored: Row
  /** As reads show it, but for the seconds it has left. */
  readonly shown: Row
  /** When it ends, in ms. */
  readonly end: number | undefined
}

/** All rows of one entity, and the ways to find them. Rows are frozen; one that has expired is not there. */
export class Table {
  readonly entity: Entity
  readonly references: readonly Reference[]
  readonly #now: () => number
  /** By id in lower case: a UUID is the same in any. */
  #rows = new Overlay<Kept>()
  #indexes: RowIndexes
  /** Only where rows may be given seconds to live. */
  #expiries: Expiries | undefined
  /** What has expired, but is still in the port. */
  #expired = new Map<string, Kept>()

  constructor(entity: Entity, now: () => number) {
    this.entity = entity
    this.#now = now
    this.references = referencesOf(entity)
    const { references } = this
    this.#indexes = new RowIndexes({ entity, references, rows: () => this.#shownRows() })
    this.#expiries = entity.ttl === true ? new Expiries() : undefined
  }

  get ids(): readonly string[] {
    this.#expire()
    return this.#indexes.ids
  }

  get uniques(): readonly UniqueIndex[] {
    this.#expire()
    return this.#indexes.uniques
  }

  /** The ids of rows with at least one tag. */
  get tagged(): readonly string[] {
    this.#expire()
    return this.#indexes.tagged
  }

  /** The rows as reads show them, by id. */
  get rows(): Row[] {
    const rows: Row[] = []
    for (const id of this.ids) {
      const kept = this.#rows.get(id) ?? this.#rows.get(id.toLowerCase())
      if (kept !== undefined) rows.push(this.#show(kept))
    }
    return rows
  }

  has(id: string): boolean {
    return this.#find(id) !== undefined
  }

  /** The row as reads show it. */
  get(id: string): Row | undefined {
    const kept = this.#find(id)
    return kept && this.#show(kept)
  }

  /** The row as the store keeps it. */
  stored(id: string): Row | undefined {
    return this.#find(id)?.stored
  }

  /** The ids of rows that have expired and are still in the port. */
  get expired(): readonly string[] {
    this.#expire()
    return Array.from(this.#expired.values(), ({ stored }) => stored.id)
  }

  /** The row as reads show it, or showed it before it expired. */
  last(id: string): Row | undefined {
    const kept = this.#find(id) ?? this.#findExpired(id)
    return kept && this.#show(kept)
  }

  /** The row as the port has it, expired or not. */
  held(id: string): Row | undefined {
    return (this.#find(id) ?? this.#findExpired(id))?.stored
  }

  /** The ids of rows whose `field` points at the row `parent`. */
  children(field: string, parent: string): readonly string[] {
    this.#expire()
    return this.#indexes.children(field, parent)
  }

  /** The same with those that have expired and are still in the port. */
  heldChildren(field: string, parent: string): readonly string[] {
    const ids = this.children(field, parent)
    if (this.#expired.size === 0) return ids
    const from = parent.toLowerCase()
    const gone = [...this.#expired.values()].filter(({ shown }) => parentOf(shown, field) === from)
    return [...ids, ...gone.map(({ stored }) => stored.id)]
  }

  withTag(tag: string): readonly string[] {
    this.#expire()
    return this.#indexes.withTag(tag)
  }

  /** The row with the same key in one of the unique indexes. */
  findUnique(fields: readonly string[], key: Readonly<Record<string, unknown>>): Row | undefined {
    const index = this.uniques.find((index) => index.fields.join() === fields.join())
    const id = index?.find(key)
    return id === undefined ? undefined : this.get(id)
  }

  /** Gives the row as reads show it; undefined when it has expired already. */
  put(row: Row): Row | undefined {
    const stored = deepFreeze(row)
    const key = stored.id.toLowerCase()
    const kept = { stored, shown: shownOf(this.entity, stored), end: endOf(this.entity, stored) }
    const before = this.#rows.get(key)
    if (before !== undefined) this.#indexes.remove(before.shown)
    this.#rows.set(key, kept)
    this.#indexes.add(kept.shown)
    if (this.#expiries === undefined) return kept.shown
    this.#expired.delete(key)
    this.#expiries.set(key, kept.end)
    return this.get(stored.id)
  }

  remove(id: string): void {
    const key = id.toLowerCase()
    this.#expired.delete(key)
    this.#expiries?.set(key, undefined)
    this.#drop(key)
  }

  /** One that changes apart, good while the original does not change. It costs little. */
  copy(): Table {
    const copy = new Table(this.entity, this.#now)
    // Rows that expire change the original even then.
    const way = this.#expiries === undefined ? 'copy' : 'wholeCopy'
    copy.#rows = this.#rows[way]()
    copy.#indexes = this.#indexes.copy(way)
    copy.#expiries = this.#expiries?.copy()
    copy.#expired = new Map(this.#expired)
    return copy
  }

  #find(id: string): Kept | undefined {
    this.#expire()
    const kept = this.#rows.get(id)
    if (kept !== undefined) return kept
    const key = id.toLowerCase()
    return key === id ? undefined : this.#rows.get(key)
  }

  #findExpired(id: string): Kept | undefined {
    return this.#expiries === undefined ? undefined : this.#expired.get(id.toLowerCase())
  }

  #show({ shown, end }: Kept): Row {
    if (end === undefined) return shown
    return Object.freeze({ ...shown, ttl: secondsLeft(end, this.#now()) })
  }

  #expire(): void {
    if (this.#expiries === undefined) return
    for (const key of this.#expiries.due(this.#now())) {
      const kept = this.#drop(key)
      if (kept !== undefined) this.#expired.set(key, kept)
    }
  }

  #drop(key: string): Kept | undefined {
    const before = this.#rows.get(key)
    if (before === undefined) return undefined
    this.#rows.delete(key)
    this.#indexes.remove(before.shown)
    return before
  }

  *#shownRows(): Iterable<Row> {
    for (const [, { shown }] of this.#rows.entries()) yield shown
  }
}

/** The row as reads of its entity show it, frozen; `ttl` last where rows may have one. */
export function shownOf(entity: Entity, row: Row): Row {
  if (entity.ttl === true) {
    return deepFreeze({ ...showRow(entity, withoutEnd(row)), ttl: null })
  }
  const shown = showRow(entity, row)
  return shown === row ? row : deepFreeze(shown)
}
