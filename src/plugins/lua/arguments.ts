import { clean } from '../../pdk/headers.ts'
import { LuaFault, type LuaTable, type LuaValue } from '../../pdk/lua-engine.ts'

/** A text; numbers and booleans are told as texts, as Kong does for headers. */
export function textIn(value: LuaValue, name: string): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
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

/** The names and values of a table of headers; several of a name are a sequence. */
export function headersIn(table: LuaTable): [name: string, values: string[]][] {
  return table.entries().map(([name, value]) => {
    const header = headerName(name)
    return [header, headerValues(header, value)]
  })
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

/** A header's name; what none can be would end the line it stands in. */
export function headerName(value: LuaValue): string {
  if (typeof value === 'string' && TOKEN.test(value)) return value
  throw new LuaFault(`invalid header name "${String(value)}"`)
}

/** A header's values: one, or those of a sequence. */
export function headerValues(name: string, value: LuaValue): string[] {
  const values = isTable(value) ? itemsOf(value) : [value]
  return values.map((one) => headerValue(name, one))
}

function headerValue(name: string, value: LuaValue): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return clean(String(value))
  }
  const what = value === undefined ? 'nil' : typeof value
  throw new LuaFault(
    `invalid header value for "${name}": got ${what}, expected string, number or boolean`,
  )
}
