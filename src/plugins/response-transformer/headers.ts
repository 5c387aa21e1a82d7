import { toByteString } from '../../lib/byte-string.ts'
import { headersIn, type MutableHeaders } from '../../pdk/headers.ts'
import { namedHeader, namedHeaders } from '../../pdk/named-header.ts'
import { split } from '../fields/transformation.ts'

/** What is to be done with an answer's headers, in this order. */
export interface HeaderChanges {
  readonly remove: readonly string[]
  readonly rename: readonly Pair[]
  readonly replace: readonly Pair[]
  readonly add: readonly Pair[]
  readonly append: readonly Pair[]
  readonly none: boolean
}

interface Pair {
  readonly name: string
  readonly value: string
}

type Kind = 'remove' | 'rename' | 'replace' | 'add' | 'append'

/** Prepares what a configuration says. */
export function headerChanges(
  config: Readonly<Record<Kind, { readonly headers: readonly string[] }>>,
): HeaderChanges {
  const remove = config.remove.headers.map((pair) => split(pair).name)
  const rename = pairsOf(config.rename.headers)
  const replace = pairsOf(config.replace.headers)
  const add = pairsOf(config.add.headers)
  const append = pairsOf(config.append.headers)
  const count = [remove, rename, replace, add, append].reduce((sum, { length }) => sum + length, 0)
  return { remove, rename, replace, add, append, none: count === 0 }
}

/** Kong: a pair without a value does nothing. */
function pairsOf(pairs: readonly string[]): readonly Pair[] {
  return pairs.flatMap((pair) => {
    const { name, value } = split(pair)
    return value === '' ? [] : [{ name, value: toByteString(value) }]
  })
}

/** Changes headers. Kong: what is there is asked of the headers as they were before the first change. */
export function changeHeaders(headers: MutableHeaders, changes: HeaderChanges): void {
  if (changes.none) return
  const before = headersIn([...headers.list])
  for (const name of changes.remove) headers.delete(name)
  for (const { name, value } of changes.rename) {
    const values = namedHeaders(before, name)
    if (values.length === 0) continue
    headers.set(value, values)
    headers.delete(name)
  }
  const isThere = (name: string) => namedHeader(before, name) !== undefined
  for (const { name, value } of changes.replace) if (isThere(name)) headers.set(name, value)
  for (const { name, value } of changes.add) if (!isThere(name)) headers.set(name, value)
  for (const { name, value } of changes.append) headers.add(name, value)
}
