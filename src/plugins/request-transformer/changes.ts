import { type Template, templateOrFault } from '../../lib/template/template.ts'
import type { Table } from '../../lib/template/value.ts'
import { split } from '../transformation-fields.ts'
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
  rename(from: string, to: string): void
  set(name: string, value: string): void
  /** Adds a value beside those that are there; absent where Kong has no such thing. */
  append?(name: string, value: string): void
}

/** Does what is to be done. Kong, but not this: renaming what is not there takes the new name away. `empty`: nothing was there, so nothing can be changed or taken away. */
export function applyChanges(
  fields: FieldStore,
  changes: Changes,
  { scope, empty = false }: { readonly scope: Table; readonly empty?: boolean },
): void {
  const { remove, rename, replace, add, append } = changes
  if (!empty) {
    for (const name of remove) fields.remove(name)
    for (const { name, template } of rename) {
      if (fields.has(name)) fields.rename(name, template.render(scope))
    }
    for (const { name, template } of replace) {
      if (fields.has(name)) fields.set(name, template.render(scope))
    }
  }
  for (const { name, template } of add) {
    if (!fields.has(name)) fields.set(name, template.render(scope))
  }
  for (const { name, template } of append) fields.append?.(name, template.render(scope))
}
