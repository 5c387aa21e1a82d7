import type { Entity, Input, Row } from '../schema/entity.ts'
import { type ErrorTree, type FieldErrors, noErrors } from '../schema/error-tree.ts'
import { getOwn, isObject, setOwn } from '../schema/field.ts'
import { childrenOf, isMissingTable, refuseTable } from './tables.ts'

/** An entity of the file, on its way to become a row. */
export interface Entry {
  readonly entity: Entity
  /** As written, without its children and remarks. */
  readonly input: Input
  readonly position: readonly (string | number)[]
  /** The entry it stands in, and the field that thereby refers to it. */
  readonly parent?: { readonly entry: Entry; readonly field: string }
  /** Filled by `noteErrors` alone: most entries have none. */
  errors: Readonly<FieldErrors>
  /** What is wrong with it beside its fields. */
  whole: readonly string[]
  id: string
  /** What its row was made from: today's format, references as ids. */
  sent: Input
  /** As the file says, with defaults. */
  shown?: Row
  /** Seconds it has to live, where the file says so. */
  ttl?: number
  /** As it is kept: secrets hashed, digests taken. */
  row?: Row
}

/** Adds to what is wrong with the fields of an entry. */
export function noteErrors(entry: Entry, errors: Readonly<FieldErrors>): void {
  entry.errors = Object.assign(noErrors(), entry.errors, errors)
}

const NONE: FieldErrors = noErrors()
const NO_TEXTS: readonly string[] = []

/** Finds the entries of a document, nested ones after the one that holds them. */
export function collectEntries(
  document: Input,
  entities: readonly Entity[],
  errors: FieldErrors,
): Entry[] {
  const entries: Entry[] = []
  const known = new Map(entities.map((entity) => [entity, childrenOf(entity, entities)]))
  const children = (parent: Entity) => known.get(parent) ?? new Map()
  for (const entity of entities) {
    const list = getOwn(document, entity.name)
    const error = collectList(
      { entity, list, position: [entity.name] },
      { entities, entries, children },
    )
    if (error !== undefined) errors[entity.name] = error
  }
  return entries
}

interface Listed extends Pick<Entry, 'entity' | 'position' | 'parent'> {
  readonly list: unknown
}

interface Collection {
  readonly entities: readonly Entity[]
  children(parent: Entity): ReturnType<typeof childrenOf>
  readonly entries: Entry[]
}

function collectList({ list, ...place }: Listed, into: Collection): ErrorTree | undefined {
  if (list === null || list === undefined) return undefined
  if (isObject(list) && Object.keys(list).length === 0) return undefined
  if (!Array.isArray(list)) return 'expected an array'

  for (const [i, item] of list.entries()) {
    collectItem(item, { ...place, position: [...place.position, i] }, into)
  }
  return undefined
}

function collectItem(
  item: unknown,
  place: Pick<Entry, 'entity' | 'position' | 'parent'>,
  into: Collection,
): void {
  const input: Record<string, unknown> = {}
  const entry: Entry = { ...place, input, errors: NONE, whole: NO_TEXTS, id: '', sent: input }
  into.entries.push(entry)
  if (!isObject(item)) {
    entry.whole = ['expected a record']
    return
  }

  const children = into.children(place.entity)
  for (const name of Object.keys(item)) {
    const value = item[name]
    const child = children.get(name)
    if (isKept(place.entity, name)) setOwn(input, name, value)
    else if (child !== undefined) {
      const parent = { entry, field: child.field }
      const position = [...place.position, name]
      const error = collectList({ entity: child.entity, list: value, position, parent }, into)
      if (error !== undefined) noteErrors(entry, { [name]: error })
    } else if (isMissingTable(name, into.entities)) {
      const error = refuseTable(name, value)
      if (error !== undefined) noteErrors(entry, { [name]: error })
    } else if (!isRemark(name)) setOwn(input, name, value)
  }
  if ('_comment' in item || '_ignore' in item) noteErrors(entry, checkRemarks(item))
}

/** Kong: the `snis` of a certificate are names in a request, but entities in a file. */
function isKept({ fields }: Entity, name: string): boolean {
  return Object.hasOwn(fields, name) && fields[name]?.transient !== true
}

/** Whether the member is there for people only. */
export function isRemark(name: string): boolean {
  return name === '_comment' || name === '_ignore'
}

/** What is wrong with the remarks of a document or an entry. */
export function checkRemarks(item: Input): FieldErrors {
  const errors = noErrors()
  const comment = getOwn(item, '_comment') ?? ''
  const ignored = getOwn(item, '_ignore') ?? []
  if (typeof comment !== 'string') errors._comment = 'expected a string'
  if (!Array.isArray(ignored)) errors._ignore = 'expected an array'
  return errors
}
