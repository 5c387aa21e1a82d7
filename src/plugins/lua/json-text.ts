import { numberText } from '../../lib/lua-number.ts'
import { LuaFault, type LuaTable, type LuaValue } from '../../pdk/lua-engine.ts'
import { isTable, itemsOf, typeOf } from './arguments.ts'

/** How deep tables may lie in each other; cjson's bound. */
export const DEPTH = 1000

/** How many digits numbers have; fourteen are cjson's, sixteen are Kong's own and `cjson.safe`'s. */
export type Digits = 14 | 16

/** A value as cjson writes it, a char a byte: `/` is escaped. */
export function jsonText(value: LuaValue, digits: Digits, depth = 0): string {
  if (value === undefined || value === null) return 'null'
  if (typeof value === 'string') return quoted(value)
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return numberText(finite(value), digits)
  if (!isTable(value)) throw new LuaFault('Cannot serialise function: type not supported')
  if (depth >= DEPTH) throw new LuaFault(`Cannot serialise, excessive depth (${depth + 1})`)
  const list = listOf(value)
  if (list !== undefined)
    return `[${list.map((one) => jsonText(one, digits, depth + 1)).join(',')}]`
  const members = value
    .entries()
    .map(([key, member]) => `${quoted(keyOf(key))}:${jsonText(member, digits, depth + 1)}`)
  return `{${members.join(',')}}`
}

/** What JSON has as a number. */
export function finite(value: number): number {
  if (Number.isFinite(value)) return value
  throw new LuaFault('Cannot serialise number: must not be NaN or Infinity')
}

/** What JSON has as a key. */
export function keyOf(key: LuaValue): string {
  if (typeof key === 'string') return key
  if (typeof key === 'number') return numberText(key)
  throw new LuaFault(`Cannot serialise ${typeOf(key)}: table key must be a number or string`)
}

/** cjson: what has whole numbers for keys, and not too few of them, is an array; the rest of it is null. */
export function listOf(table: LuaTable): LuaValue[] | undefined {
  if (table.isArray) return itemsOf(table)
  const keys = table.entries().map(([key]) => key)
  let most = 0
  for (const key of keys) {
    if (typeof key !== 'number' || !Number.isInteger(key) || key < 1) return undefined
    most = Math.max(most, key)
  }
  if (most === 0) return undefined
  if (most > 10 && most > 2 * keys.length) {
    throw new LuaFault('Cannot serialise table: excessively sparse array')
  }
  return Array.from({ length: most }, (_, i) => table.get(i + 1))
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const ESCAPED = /["\\/\x00-\x1f\x7f]/g

const SHORT: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
}

function quoted(text: string): string {
  return `"${text.replace(ESCAPED, escaped)}"`
}

function escaped(char: string): string {
  if (char === '"' || char === '\\' || char === '/') return `\\${char}`
  return SHORT[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
}
