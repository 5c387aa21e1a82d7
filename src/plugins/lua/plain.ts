import { fromByteString, toByteString } from '../../lib/byte-string.ts'
import { type LuaData, LuaFault, type LuaTable, type LuaValue } from '../../pdk/lua-engine.ts'
import { isTable } from './arguments.ts'

/** How deep tables may lie in each other; cjson's bound. */
const DEPTH = 1000

/** What JSON writes of a value: a sequence is an array, and an empty table an object. */
export function plainOf(value: LuaValue, depth = 0): unknown {
  if (depth > DEPTH) throw new LuaFault('Cannot serialise, excessive depth')
  if (typeof value === 'string') return fromByteString(value)
  if (value === undefined || value === null) return null
  if (isTable(value)) return plainTable(value, depth + 1)
  if (typeof value !== 'object') return plainScalar(value)
  throw new LuaFault('Cannot serialise function: type not supported')
}

function plainScalar(value: number | boolean): number | boolean {
  if (typeof value === 'boolean' || Number.isFinite(value)) return value
  throw new LuaFault('Cannot serialise number: must not be NaN or Infinity')
}

function plainTable(table: LuaTable, depth: number): unknown {
  const entries = table.entries()
  if (entries.length > 0 && entries.every(([key]) => isIndex(key, entries.length))) {
    const list: unknown[] = []
    for (const [key, value] of entries) list[Number(key) - 1] = plainOf(value, depth)
    return list
  }
  return Object.fromEntries(
    entries.map(([key, value]) => {
      if (typeof key !== 'string' && typeof key !== 'number') {
        throw new LuaFault('Cannot serialise table: key must be a number or string')
      }
      return [fromByteString(String(key)), plainOf(value, depth)]
    }),
  )
}

function isIndex(key: LuaValue, length: number): boolean {
  return typeof key === 'number' && Number.isInteger(key) && key >= 1 && key <= length
}

/** What Lua is handed of a value of JSON's kinds. */
export function luaOf(value: unknown): LuaData {
  if (typeof value === 'string') return toByteString(value)
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value
  if (Array.isArray(value)) return value.map(luaOf)
  if (typeof value !== 'object') return undefined
  return new Map(Object.entries(value).map(([key, member]) => [toByteString(key), luaOf(member)]))
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
