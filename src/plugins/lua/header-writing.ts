import { clean } from '../../pdk/headers.ts'
import { LuaFault, type LuaTable, type LuaValue } from '../../pdk/lua-engine.ts'
import { isTable, itemsOf, tableIn, textIn, typeOf } from './arguments.ts'

/** The names and values of a table of headers, in order of names; several of a name are a sequence. */
export function headersIn(value: LuaValue): [name: string, values: string[]][] {
  return tableIn(value, 'headers')
    .entries()
    .map(([name, one]) => headerIn(name, one))
}

function headerIn(name: LuaValue, value: LuaValue): [name: string, values: string[]] {
  const header = headerName(name)
  if (isTable(value)) return [header, listedValues(header, value)]
  return [header, [scalarIn(header, value, 'string, number, boolean or array of strings')]]
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

/** A header's name; what none can be would end the line it stands in. */
export function headerName(value: LuaValue): string {
  if (typeof value !== 'string') {
    const name = value === undefined || value === null ? 'nil' : String(value)
    throw new LuaFault(`invalid header name "${name}": got ${typeOf(value)}, expected string`)
  }
  if (TOKEN.test(value)) return value
  throw new LuaFault(`invalid header name "${value}"`)
}

/** A header's values: one, or those of a sequence. */
export function headerValues(name: string, value: LuaValue): string[] {
  if (isTable(value)) return listedValues(name, value)
  return [scalarIn(name, value, 'array of string, string, number or boolean')]
}

function listedValues(name: string, table: LuaTable): string[] {
  return itemsOf(table).map((one) => {
    if (typeof one === 'string') return clean(one)
    throw new LuaFault(
      `invalid header value in array "${name}": got ${typeOf(one)}, expected string`,
    )
  })
}

function scalarIn(name: string, value: LuaValue, expected: string): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return clean(textIn(value, name))
  }
  throw new LuaFault(
    `invalid header value for "${name}": got ${typeOf(value)}, expected ${expected}`,
  )
}

/** OpenResty: whatever has a text is told by it; nothing at all takes the header out. */
export function ngxHeaderValues(name: string, value: LuaValue): string[] | undefined {
  if (value === undefined || value === null) return undefined
  const values = (isTable(value) ? itemsOf(value) : [value]).map((one) => clean(textIn(one, name)))
  return values.length === 0 ? undefined : values
}

/** Kong: nobody but nginx says how a body is framed. */
export function isTransferEncoding(name: string): boolean {
  return /^transfer[-_]encoding$/i.test(name)
}
