import type { Entity, Row } from '../schema/entity.ts'
import { IdSets } from './id-sets.ts'
import { parentOf, type Reference, tagsOf } from './links.ts'
import { SortedIds } from './sorted-ids.ts'
import { type UniqueIndex, uniqueIndexes } from './unique-index.ts'

/** What is indexed. */
interface Indexed {
  readonly entity: Entity
  readonly references: readonly Reference[]
  /** All rows there are, as reads show them. */
  rows(): Iterable<Row>
}

interface Tags {
  readonly sets: IdSets
  /** The ids of rows with at least one. */
  readonly tagged: SortedIds
}

const NONE: readonly string[] = []

/**
 * The ways to find rows of a table other than by id. Each is made when somebody first asks, and follows
 * the rows from then on: who starts with ten thousand of them and serves asks for few.
 */
export class RowIndexes {
  readonly #of: Indexed
  #count = 0
  #ids: SortedIds | undefined
  #uniques: readonly UniqueIndex[] | undefined
  #children: ReadonlyMap<string, IdSets> | undefined
  #tags: Tags | undefined

  constructor(indexed: Indexed) {
    this.#of = indexed
  }

  /** The ids, ascending; good until the next change. */
  get ids(): readonly string[] {
    return this.#count === 0 ? NONE : this.#madeIds().list
  }

  get uniques(): readonly UniqueIndex[] {
    return this.#count === 0 ? uniqueIndexes(this.#of.entity) : this.#madeUniques()
  }

  get tagged(): readonly string[] {
    return this.#count === 0 ? NONE : this.#madeTags().tagged.list
  }

  withTag(tag: string): readonly string[] {
    return this.#count === 0 ? NONE : this.#madeTags().sets.list(tag)
  }

  /** The ids of rows whose `field` points at the row `parent`. */
  children(field: string, parent: string): readonly string[] {
    if (this.#count === 0) return NONE
    return this.#madeChildren().get(field)?.list(parent.toLowerCase()) ?? NONE
  }

  /** Follows a row that came; the table has it already. */
  add(row: Row): void {
    this.#count++
    this.#ids?.add(row.id)
    if (this.#uniques !== undefined) for (const index of this.#uniques) index.put(row)
    if (this.#children !== undefined) addToParents(this.#children, row)
    if (this.#tags !== undefined) addTags(this.#tags, row)
  }

  /** Follows a row that went. */
  remove(row: Row): void {
    this.#count--
    this.#ids?.delete(row.id)
    for (const index of this.#uniques ?? []) index.remove(row)
    for (const [field, parents] of this.#children ?? []) {
      parents.delete(parentOf(row, field), row.id)
    }
    if (this.#tags === undefined || tagsOf(row).length === 0) return
    for (const tag of new Set(tagsOf(row))) this.#tags.sets.delete(tag, row.id)
    this.#tags.tagged.delete(row.id)
  }

  /** One that changes apart, as overlays are copied. All is made first, or each copy would make it. */
  copy(way: 'copy' | 'wholeCopy'): RowIndexes {
    const copy = new RowIndexes({ ...this.#of, rows: () => [] })
    const { sets, tagged } = this.#madeTags()
    copy.#count = this.#count
    copy.#ids = this.#madeIds().copy()
    copy.#uniques = this.#madeUniques().map((index) => index[way]())
    copy.#children = new Map(
      Array.from(this.#madeChildren(), ([field, parents]) => [field, parents[way]()]),
    )
    copy.#tags = { sets: sets[way](), tagged: tagged.copy() }
    return copy
  }

  #madeIds(): SortedIds {
    this.#ids ??= new SortedIds(Array.from(this.#of.rows(), ({ id }) => id))
    return this.#ids
  }

  #madeUniques(): readonly UniqueIndex[] {
    if (this.#uniques !== undefined) return this.#uniques
    const uniques = uniqueIndexes(this.#of.entity)
    for (const row of this.#of.rows()) for (const index of uniques) index.put(row)
    this.#uniques = uniques
    return uniques
  }

  #madeChildren(): ReadonlyMap<string, IdSets> {
    if (this.#children !== undefined) return this.#children
    const children = new Map(this.#of.references.map(({ field }) => [field, new IdSets()]))
    if (children.size > 0) for (const row of this.#of.rows()) addToParents(children, row)
    this.#children = children
    return children
  }

  #madeTags(): Tags {
    if (this.#tags !== undefined) return this.#tags
    const tags = { sets: new IdSets(), tagged: new SortedIds() }
    for (const row of this.#of.rows()) addTags(tags, row)
    this.#tags = tags
    return tags
  }
}

function addToParents(children: ReadonlyMap<string, IdSets>, row: Row): void {
  for (const [field, parents] of children) parents.add(parentOf(row, field), row.id)
}

function addTags({ sets, tagged }: Tags, row: Row): void {
  const tags = tagsOf(row)
  if (tags.length === 0) return
  for (const tag of new Set(tags)) sets.add(tag, row.id)
  tagged.add(row.id)
}
