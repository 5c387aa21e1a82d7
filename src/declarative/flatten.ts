import { isUuid } from '../lib/uuid.ts'
import type { Input } from '../schema/entity.ts'
import { type ErrorTree, type FieldErrors, membersOf } from '../schema/error-tree.ts'
import { getOwn, isObject } from '../schema/field.ts'
import { referencesOf } from '../store/links.ts'
import type { Entry } from './entries.ts'

/** The id to show of an entry, where it has one. */
type IdOf = (entry: Entry) => unknown

/**
 * Kong's errors by entity, children before what holds them, with the ids that are written unless
 * others are to be shown.
 */
export function flattenErrors(
  entries: readonly Entry[],
  idOf: IdOf = ({ input }) => getOwn(input, 'id'),
): Record<string, unknown>[] {
  return childrenFirst(entries).flatMap((entry) => {
    const referred = referredObjects(entry)
    const errors = errorsOf(entry, referred)
    return [
      ...referred.flatMap(describeReferred),
      ...(errors.length > 0 ? [describeEntry(entry, { idOf, referred, errors })] : []),
    ]
  })
}

/** A reference that was written as the thing itself. */
interface Referred {
  readonly field: string
  readonly table: string
  readonly value: Readonly<Record<string, unknown>>
  readonly errors: ErrorTree | undefined
}

/** Kong takes such a thing for an entity of its own, whose errors are not those of the entry. */
function referredObjects({ entity, input, errors }: Entry): readonly Referred[] {
  return referencesOf(entity).flatMap(({ field, to: table }) => {
    const value = getOwn(input, field)
    return isObject(value) ? [{ field, table, value, errors: errors[field] }] : []
  })
}

function describeReferred({ table, value, errors }: Referred): Record<string, unknown>[] {
  if (typeof errors !== 'object') return []
  return [{ ...introduce(table, value), entity: value, errors: leavesOf(errors, '') }]
}

interface Description {
  readonly idOf: IdOf
  readonly referred: readonly Referred[]
  readonly errors: readonly FlatError[]
}

function describeEntry(
  entry: Entry,
  { idOf, referred, errors }: Description,
): Record<string, unknown> {
  const entity = shownInput(entry, idOf)
  for (const { field, value } of referred) {
    const id = getOwn(value, 'id')
    if (typeof id === 'string' && isUuid(id)) entity[field] = { id }
    else delete entity[field]
  }
  return { ...introduce(entry.entity.name, entity), entity, errors }
}

interface FlatError {
  readonly type: 'field' | 'entity'
  readonly field?: string
  readonly message: string
}

/** Entries come with parents first, each with all below it after it. */
function childrenFirst(entries: readonly Entry[]): Entry[] {
  const ordered: Entry[] = []
  const open: Entry[] = []
  for (const entry of entries) {
    while (open.length > 0 && open.at(-1) !== entry.parent?.entry) close(open, ordered)
    open.push(entry)
  }
  while (open.length > 0) close(open, ordered)
  return ordered
}

function close(open: Entry[], ordered: Entry[]): void {
  const entry = open.pop()
  if (entry !== undefined) ordered.push(entry)
}

/** Only what is well-formed introduces an entity. */
function introduce(table: string, input: Input): Record<string, unknown> {
  const shown: Record<string, unknown> = { entity_type: table.replace(/s$/, '') }
  const name = getOwn(input, 'name')
  const id = getOwn(input, 'id')
  const tags = getOwn(input, 'tags')
  if (typeof name === 'string' && name !== '') shown.entity_name = name
  if (typeof id === 'string' && isUuid(id)) shown.entity_id = id
  if (Array.isArray(tags) && tags.every((tag) => typeof tag === 'string')) shown.entity_tags = tags
  return shown
}

function shownInput(entry: Entry, idOf: IdOf): Record<string, unknown> {
  const { input, parent } = entry
  const [id, holder] = [idOf(entry), parent && idOf(parent.entry)]
  return {
    ...input,
    ...(id === undefined ? {} : { id }),
    ...(parent === undefined || holder === undefined ? {} : { [parent.field]: { id: holder } }),
  }
}

function errorsOf({ errors, whole }: Entry, referred: readonly Referred[]): FlatError[] {
  const { '@entity': ofEntity, ...others } = errors
  const fields: FieldErrors = { ...others }
  for (const { field, errors } of referred) if (typeof errors === 'object') delete fields[field]
  const texts = Array.isArray(ofEntity) ? ofEntity.map(String) : []
  return [
    ...[...texts, ...whole].map((message): FlatError => ({ type: 'entity', message })),
    ...leavesOf(fields, ''),
  ]
}

function leavesOf(tree: FieldErrors | Exclude<ErrorTree, string>, path: string): FlatError[] {
  return membersOf(tree).flatMap(([name, error]): FlatError[] => {
    if (typeof error !== 'string') return leavesOf(error, `${path}${name}.`)
    return [{ type: 'field', field: path + name, message: error }]
  })
}
