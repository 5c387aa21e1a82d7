import { perObject } from '../lib/per-object.ts'
import type { Entity, Input, Row } from '../schema/entity.ts'
import { type ErrorTree, type FieldErrors, noErrors } from '../schema/error-tree.ts'
import { entriesOf, getOwn, isObject, setOwn } from '../schema/field.ts'
import { inSlices } from '../store/in-slices.ts'
import { childrenOf, isMissingTable, refuseTable } from './tables.ts'

/** An entity of the file, on its way to become a row. */
export interface Entry {
  readonly entity: Entity
  /** As written, without its children and remarks; shared with the document, so never changed. */
  readonly input: Input
  /** Its place in its list. */
  readonly index: number
  /** The entry it stands in, and the field that thereby refers to it. */
  readonly parent: { readonly entry: Entry; readonly field: string } | undefined
  /** Filled by `noteErrors` alone: most entries have none. */
  errors: Readonly<FieldErrors>
  /** What is wrong with it beside its fields. */
  whole: readonly string[]
  id: string
  /** What its row was made from: today's format, references as ids; kept where a later step asks. */
  sent: Input
  /** As the file says, with defaults. */
  shown: Row | undefined
  /** Seconds it has to live, where the file says so. */
  ttl: number | undefined
  /** As it is kept: secrets hashed, digests taken. */
  row: Row | undefined
}

/** Where an entry stands in its document. */
export function positionOf({ entity, index, parent }: Entry): readonly (string | number)[] {
  return [...(parent === undefined ? [] : positionOf(parent.entry)), entity.name, index]
}

/** Adds to what is wrong with the fields of an entry. */
export function noteErrors(entry: Entry, errors: Readonly<FieldErrors>): void {
  entry.errors = Object.assign(noErrors(), entry.errors, errors)
}

/** The errors of an entry that has none. */
export const NONE: Readonly<FieldErrors> = noErrors()
const NO_TEXTS: readonly string[] = []

/** Finds the entries of a document, nested ones after the one that holds them. */
export async function collectEntries(
  document: Input,
  entities: readonly Entity[],
  errors: FieldErrors,
): Promise<Entry[]> {
  const entries: Entry[] = []
  const known = new Map(entities.map((entity) => [entity, childrenOf(entity, entities)]))
  const into: Collection = {
    entities,
    entries,
    children: (parent) => known.get(parent) ?? CHILDLESS,
  }
  for (const entity of entities) {
    const list = getOwn(document, entity.name)
    const error = refuseList(list)
    if (error !== undefined) errors[entity.name] = error
    if (!Array.isArray(list)) continue
    await inSlices<unknown>(list, (item, index) => {
      collectItem(item, { entity, parent: undefined, index }, into)
    })
  }
  return entries
}

type Children = ReturnType<typeof childrenOf>

const CHILDLESS: Children = new Map()

interface Collection {
  readonly entities: readonly Entity[]
  children(parent: Entity): Children
  readonly entries: Entry[]
}

function collectList(
  list: unknown,
  place: Pick<Entry, 'entity' | 'parent'>,
  into: Collection,
): ErrorTree | undefined {
  const error = refuseList(list)
  if (!Array.isArray(list)) return error
  for (let index = 0; index < list.length; index++) {
    collectItem(list[index], { entity: place.entity, parent: place.parent, index }, into)
  }
  return undefined
}

function refuseList(list: unknown): ErrorTree | undefined {
  if (list === null || list === undefined || Array.isArray(list)) return undefined
  return isObject(list) && Object.keys(list).length === 0 ? undefined : 'expected an array'
}

function collectItem(
  item: unknown,
  { entity, parent, index }: Pick<Entry, 'entity' | 'parent' | 'index'>,
  into: Collection,
): void {
  if (!isObject(item)) {
    const entry = newEntry({ entity, input: NO_MEMBERS, index, parent })
    entry.whole = ['expected a record']
    into.entries.push(entry)
    return
  }
  const children = into.children(entity)
  const others = othersIn(item, { entity, children, entities: into.entities })
  const input = others.length === 0 ? item : without(item, others)
  const entry = newEntry({ entity, input, index, parent })
  into.entries.push(entry)
  if (others.length > 0) collectOthers(entry, { item, others, children }, into)
}

interface Place {
  readonly entity: Entity
  readonly children: Children
  readonly entities: readonly Entity[]
}

/** The members of an item that are none of its entity: children, tables, remarks. */
function othersIn(item: Input, { entity, children, entities }: Place): readonly string[] {
  let others: string[] | undefined
  const kept = keptOf(entity)
  for (const name in item) {
    if (kept.has(name)) continue
    if (!children.has(name) && !isMissingTable(name, entities) && !isRemark(name)) continue
    others ??= []
    others.push(name)
  }
  return others ?? NO_TEXTS
}

/** The names of an entity's own members. */
const keptOf = perObject((entity: Entity): ReadonlySet<string> => {
  // Kong: the `snis` of a certificate are names in a request, but entities in a file.
  const own = entriesOf(entity.fields).filter(([, field]) => field.transient !== true)
  return new Set(own.map(([name]) => name))
})

function without(item: Input, others: readonly string[]): Input {
  const input: Record<string, unknown> = {}
  for (const name of Object.keys(item)) if (!others.includes(name)) setOwn(input, name, item[name])
  return input
}

interface Others {
  readonly item: Input
  readonly others: readonly string[]
  readonly children: Children
}

function collectOthers(entry: Entry, { item, others, children }: Others, into: Collection): void {
  for (const name of others) {
    const child = children.get(name)
    if (child !== undefined) {
      const parent = { entry, field: child.field }
      const error = collectList(item[name], { entity: child.entity, parent }, into)
      if (error !== undefined) noteErrors(entry, { [name]: error })
    } else if (!isRemark(name)) {
      const error = refuseTable(name, item[name])
      if (error !== undefined) noteErrors(entry, { [name]: error })
    }
  }
  if (others.some(isRemark)) noteErrors(entry, checkRemarks(item))
}

const NO_MEMBERS: Input = {}

/** All members at once, so that all entries are of one shape. */
function newEntry({
  entity,
  input,
  index,
  parent,
}: Pick<Entry, 'entity' | 'input' | 'index' | 'parent'>): Entry {
  return {
    entity,
    input,
    index,
    parent,
    errors: NONE,
    whole: NO_TEXTS,
    id: '',
    sent: input,
    shown: undefined,
    ttl: undefined,
    row: undefined,
  }
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
