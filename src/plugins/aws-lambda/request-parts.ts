import { fromByteString } from '../../lib/byte-string.ts'
import type { Exchange } from '../../pdk/exchange.ts'

/** All values by name. */
export type Lists<V> = Readonly<Record<string, readonly V[]>>

/** A request's headers by lower-case name. */
export function headerLists({ request: { headers } }: Exchange): Lists<string> {
  const pairs: [string, string][] = []
  for (let i = 0; i < headers.list.length; i += 2) {
    // The loop keeps i and i + 1 below the list's even length.
    const [name, value] = [headers.list[i] as string, headers.list[i + 1] as string]
    pairs.push([name.toLowerCase(), fromByteString(value)])
  }
  return listsOf(pairs)
}

/** A request's query arguments by name. */
export function argLists({ request }: Exchange): Lists<string | true> {
  return listsOf(request.queryArgs())
}

/** Each name with its value, or with the list of them where there are several. */
export function plainOf<V>(lists: Lists<V>): Readonly<Record<string, V | readonly V[]>> {
  return mapped(lists, (list) => (list.length === 1 ? (list[0] as V) : list))
}

/** Each name with the first of its values. */
export function firstOf<V>(lists: Lists<V>): Readonly<Record<string, V>> {
  // A name is there because of a value.
  return mapped(lists, (list) => list[0] as V)
}

function mapped<V, R>(
  lists: Lists<V>,
  change: (list: readonly V[]) => R,
): Readonly<Record<string, R>> {
  return Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, change(list)]))
}

function listsOf<V>(pairs: readonly (readonly [string, V])[]): Lists<V> {
  const lists = new Map<string, V[]>()
  for (const [name, value] of pairs) {
    const list = lists.get(name)
    if (list === undefined) lists.set(name, [value])
    else list.push(value)
  }
  return Object.fromEntries(lists)
}
