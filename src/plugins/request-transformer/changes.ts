import { type Template, templateOrFault } from '../../lib/template/template.ts'
import type { Table } from '../../lib/template/value.ts'
import { split } from '../fields/transformation.ts'
import { TEMPLATE_NAMES } from './scope.ts'

/** A name and the template of what becomes of it. */
export interface Change {
  readonly name: string
  readonly template: Template
}

/** What is to be done with fields of one kind, in this order. */
export interface Changes {
  readonly remove: readonly string[]
  readonly rename: readonly Change[]
  readonly replace: readonly Change[]
  readonly add: readonly Change[]
  readonly append: readonly Change[]
  /** Whether there is nothing to do. */
  readonly none: boolean
  /** Whether a template looks at the request's headers. */
  readonly readsHeaders: boolean
}

type Kind = 'headers' | 'querystring' | 'body'
type Lists = Readonly<Record<Kind, readonly string[]>>

/** What a configuration says of all kinds. */
export type Transformation = Readonly<
  Record<'remove' | 'rename' | 'replace' | 'add' | 'append', Lists>
>

/** Prepares what is to be done with one kind. */
export function changesOf(config: Transformation, kind: Kind): Changes {
  const remove = config.remove[kind].map((pair) => split(pair).name)
  const rename = prepare(config.rename[kind])
  const replace = prepare(config.replace[kind])
  const add = prepare(config.add[kind])
  const append = prepare(config.append[kind])
  const all = [...rename, ...replace, ...add, ...append]
  return {
    remove,
    rename,
    replace,
    add,
    append,
    none: remove.length + all.length === 0,
    readsHeaders: all.some(({ template }) => template.reads.has('headers')),
  }
}

/** Kong: a pair without a value does nothing. */
function prepare(pairs: readonly string[]): readonly Change[] {
  return pairs.flatMap((pair) => {
    const { name, value } = split(pair)
    return value === '' ? [] : [{ name, template: templateOrFault(value, TEMPLATE_NAMES) }]
  })
}

/** Named fields of any form. */
export interface FieldStore {
  has(name: string): boolean
  remove(name: string): void
  /** False when nothing was done: what is renamed to itself stays (Kong 3.8). */
  rename(from: string, to: string): boolean
  set(name: string, value: string): void
  /** Adds a value beside those that are there; absent where Kong has no such thing. */
  append?(name: string, value: string): void
}

/** What changing fields takes. */
interface Applying {
  readonly scope: Table
  /** Nothing was there, so nothing can be changed or taken away. */
  readonly empty?: boolean
  /** Kong: parts of a form are renamed before others are taken away. */
  readonly renamesFirst?: boolean
}

/** Does what is to be done; false when that came to nothing. */
export function applyChanges(
  fields: FieldStore,
  changes: Changes,
  { scope, empty = false, renamesFirst = false }: Applying,
): boolean {
  const { rename, replace, add, append } = changes
  let done = false
  const put = ({ name, template }: Change): void => {
    done = true
    fields.set(name, template.render(scope))
  }
  const renameAll = (): void => {
    for (const { name, template } of rename) {
      if (!fields.has(name)) continue
      if (fields.rename(name, template.render(scope))) done = true
    }
  }
  if (!empty) {
    if (renamesFirst) renameAll()
    if (removeAll(fields, changes)) done = true
    if (!renamesFirst) renameAll()
    for (const change of replace) if (fields.has(change.name)) put(change)
  }
  for (const change of add) if (!fields.has(change.name)) put(change)
  if (fields.append === undefined) return done
  for (const { name, template } of append) fields.append(name, template.render(scope))
  return done || append.length > 0
}

function removeAll(fields: FieldStore, { remove }: Changes): boolean {
  let done = false
  for (const name of remove) {
    if (!fields.has(name)) continue
    done = true
    fields.remove(name)
  }
  return done
}
