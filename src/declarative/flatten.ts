import { isUuid } from '../lib/uuid.ts'
import { type ErrorTree, type FieldErrors, membersOf } from '../schema/error-tree.ts'
import { getOwn } from '../schema/field.ts'
import type { Entry } from './entries.ts'

/** Kong's errors by entity, children before what holds them. */
export function flattenErrors(entries: readonly Entry[]): Record<string, unknown>[] {
  return childrenFirst(entries)
    .map((entry) => ({ entry, errors: errorsOf(entry) }))
    .filter(({ errors }) => errors.length > 0)
    .map(({ entry, errors }) => ({ ...introduce(entry), entity: shownInput(entry), errors }))
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
function introduce({ entity, input }: Entry): Record<string, unknown> {
  const shown: Record<string, unknown> = { entity_type: entity.name.replace(/s$/, '') }
  const name = getOwn(input, 'name')
  const id = getOwn(input, 'id')
  const tags = getOwn(input, 'tags')
  if (typeof name === 'string' && name !== '') shown.entity_name = name
  if (typeof id === 'string' && isUuid(id)) shown.entity_id = id
  if (Array.isArray(tags) && tags.every((tag) => typeof tag === 'string')) shown.entity_tags = tags
  return shown
}

function shownInput({ input, parent }: Entry): Record<string, unknown> {
  const id = parent && getOwn(parent.entry.input, 'id')
  return parent === undefined || id === undefined ? input : { ...input, [parent.field]: { id } }
}

function errorsOf({ errors, whole }: Entry): FlatError[] {
  const { '@entity': ofEntity, ...fields } = errors
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
