import { fromByteString, toByteString } from '../../lib/byte-string.ts'
import {
  type LuaData,
  LuaFault,
  type LuaTable,
  type LuaValue,
  luaArray,
} from '../../pdk/lua-engine.ts'
import { isTable } from './arguments.ts'
import { DEPTH, finite, keyOf, listOf } from './json-text.ts'

/** What JSON writes of a value: a sequence is an array, and an empty table an object. */
export function plainOf(value: LuaValue, depth = 0): unknown {
  if (depth > DEPTH) throw new LuaFault('Cannot serialise, excessive depth')
  if (typeof value === 'string') return fromByteString(value)
  if (value === undefined || value === null) return null
  if (isTable(value)) return plainTable(value, depth + 1)
  if (typeof value === 'number') return finite(value)
  if (typeof value === 'boolean') return value
  throw new LuaFault('Cannot serialise function: type not supported')
}

function plainTable(table: LuaTable, depth: number): unknown {
  const list = listOf(table)
  if (list !== undefined) return list.map((one) => plainOf(one, depth))
  return Object.fromEntries(
    table.entries().map(([key, value]) => [fromByteString(keyOf(key)), plainOf(value, depth)]),
  )
}

/** What Lua is handed of a value of JSON's kinds. */
export function luaOf(value: unknown): LuaData {
  return handedOver(value, (items) => items)
}

/** The same, with arrays that stay arrays. */
export function luaOfJson(value: unknown): LuaData {
  return handedOver(value, luaArray)
}

function handedOver(value: unknown, list: (items: readonly LuaData[]) => LuaData): LuaData {
  if (typeof value === 'string') return toByteString(value)
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value
  if (Array.isArray(value)) return list(value.map((one) => handedOver(one, list)))
  if (typeof value !== 'object') return undefined
  const members = Object.entries(value)
  return new Map(members.map(([key, member]) => [toByteString(key), handedOver(member, list)]))
}

/** What Lua is handed of a stored row: what is null there is nil. */
export function luaRow(row: object | undefined): LuaData {
  if (row === undefined) return undefined
  return luaOf(
    Object.fromEntries(
      Object.entries(row).filter(([, value]) => value !== null && value !== undefined),
    ),
  )
}

/** Values by name, several of a name as a sequence. */
export function multiMap(
  pairs: Iterable<readonly [name: string, value: string | true]>,
): Map<string, LuaData> {
  const all = new Map<string, LuaData[]>()
  for (const [name, value] of pairs) {
    const known = all.get(name)
    if (known === undefined) all.set(name, [value])
    else known.push(value)
  }
  return new Map(
    Array.from(all, ([name, values]) => [name, values.length === 1 ? values[0] : values]),
  )
}

/** A list of headers by lower-case name. */
export function headerMap(list: readonly string[]): Map<string, LuaData> {
  const pairs: [string, string][] = []
  for (let i = 0; i < list.length; i += 2) {
    // The loop keeps i and i + 1 below the list's even length.
    pairs.push([(list[i] as string).toLowerCase(), list[i + 1] as string])
  }
  return multiMap(pairs)
}
