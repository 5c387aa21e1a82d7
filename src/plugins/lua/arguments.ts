import { numberText } from '../../lib/lua-number.ts'
import { LuaFault, type LuaTable, type LuaValue } from '../../pdk/lua-engine.ts'

/** A text; numbers and booleans are told as texts, as Kong does for headers. */
export function textIn(value: LuaValue, name: string): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return numberText(value)
  if (typeof value === 'boolean') return String(value)
  throw new LuaFault(`${name} must be a string`)
}

/** A text alone. */
export function stringIn(value: LuaValue, name: string): string {
  if (typeof value === 'string') return value
  throw new LuaFault(`${name} must be a string`)
}

/** A number alone. */
export function numberIn(value: LuaValue, name: string): number {
  if (typeof value === 'number') return value
  throw new LuaFault(`${name} must be a number`)
}

/** How many of something a caller wants at most, as Kong checks it; undefined unless said. */
export function limitIn(value: LuaValue, name: string): number | undefined {
  if (value === undefined) return undefined
  const most = numberIn(value, name)
  if (most < 1) throw new LuaFault(`${name} must be >= 1`)
  if (most > 1000) throw new LuaFault(`${name} must be <= 1000`)
  return Math.floor(most)
}

/** A table alone. */
export function tableIn(value: LuaValue, name: string): LuaTable {
  if (isTable(value)) return value
  throw new LuaFault(`${name} must be a table`)
}

/** Whether it is a table. */
export function isTable(value: LuaValue): value is LuaTable {
  return typeof value === 'object' && value !== null && value.kind === 'table'
}

/** The items of a sequence. */
export function itemsOf(table: LuaTable): LuaValue[] {
  return Array.from({ length: table.length }, (_, i) => table.get(i + 1))
}

/** What Lua calls a value's type. */
export function typeOf(value: LuaValue): string {
  if (value === undefined) return 'nil'
  if (value === null) return 'userdata'
  return typeof value === 'object' ? value.kind : typeof value
}
