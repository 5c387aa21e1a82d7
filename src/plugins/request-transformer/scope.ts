import { fromByteString } from '../../lib/byte-string.ts'
import type { Table, Value } from '../../lib/template/value.ts'
import type { Exchange } from '../../pdk/exchange.ts'
import { type HeaderView, headersIn } from '../../pdk/headers.ts'
import { namedHeaders } from '../../pdk/named-header.ts'
import { getOwn, isObject } from '../../schema/field.ts'

/** What templates may look at. */
export const TEMPLATE_NAMES: ReadonlySet<string> = new Set([
  'headers',
  'query_params',
  'uri_captures',
  'shared',
])

/** Shows templates a request. Kong: what one of them looked at stays as it was then. */
export function createScope(exchange: Exchange): Table {
  const known = new Map<string | number, Table>()
  return {
    text: '',
    get(name) {
      const seen = known.get(name) ?? look(exchange, name)
      if (seen !== undefined) known.set(name, seen)
      return seen
    },
  }
}

function look(exchange: Exchange, name: string | number): Table | undefined {
  const { request, shared } = exchange
  if (name === 'headers') return headerTable(headersIn([...request.headers.list]))
  if (name === 'query_params') return queryTable(request.queryArgs())
  if (name === 'uri_captures') return captureTable(exchange)
  return name === 'shared' ? tableOf((key) => asValue(shared.get(key))) : undefined
}

function tableOf(get: (key: string | number) => Value, text = ''): Table {
  return { get, text }
}

/** Kong: `x_y` finds `X-Y` too. */
function headerTable(headers: HeaderView): Table {
  return tableOf((key) => {
    if (typeof key !== 'string') return undefined
    return oneOrList(namedHeaders(headers, key).map(fromByteString))
  })
}

function queryTable(args: ReturnType<Exchange['request']['queryArgs']>): Table {
  return tableOf((key) => oneOrList(args.flatMap(([name, value]) => (name === key ? [value] : []))))
}

function captureTable({ request: { captures } }: Exchange): Table {
  return tableOf((key) => {
    const found = typeof key === 'number' ? captures.numbered[key] : getOwn(captures.named, key)
    return typeof found === 'string' ? fromByteString(found) : undefined
  })
}

function oneOrList(values: readonly (string | true)[]): Value {
  return values.length > 1 ? listTable(values) : values[0]
}

/** Lua counts from 1. */
function listTable(values: readonly Value[]): Table {
  return tableOf(
    (key) => (typeof key === 'number' ? values[key - 1] : undefined),
    values.join(', '),
  )
}

/** What another plugin has put there. */
function asValue(value: unknown): Value {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return value
  }
  if (Array.isArray(value)) return listTable(value.map(asValue))
  if (!isObject(value)) return undefined
  return tableOf((key) => asValue(getOwn(value, String(key))))
}
