import { percentEncoded } from '../../lib/percent-encoded.ts'
import { unescapeUri } from '../../lib/query-arg.ts'
import { LuaFault, type LuaTable, type LuaValue } from '../../pdk/lua-engine.ts'
import { isTable, itemsOf, textIn, typeOf } from './arguments.ts'

const KEPT = /[A-Za-z0-9\-._~]/

/** A text percent-encoded byte by byte, as nginx does it. */
export function escapeUri(text: string): string {
  let escaped = ''
  for (const char of text) {
    escaped += KEPT.test(char) ? char : percentEncoded(char)
  }
  return escaped
}

/** A query that is sent as it stands, but for bytes that would end the request line. */
export function safeQuery(query: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return query.replace(/[\x00-\x20#\x7f]/g, percentEncoded)
}

/** A query of a table's arguments, by name; `true` is a name without value. */
export function encodeArgs(table: LuaTable): string {
  const named = table.entries().map(([name, value]) => [textIn(name, 'key'), value] as const)
  return named
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, value]) => pairsOf(escapeUri(name), value))
    .join('&')
}

/** Kong: an argument each, in order of what they are written as; one that is `false` leaves its `&`. */
export function orderedArgs(table: LuaTable): string {
  const parts = table.entries().map(([name, value]) => {
    if (typeof name !== 'string') throw new LuaFault('arg keys must be strings')
    return pairsOf(escapeUri(name), value).join('&')
  })
  return parts.sort().join('&')
}

function pairsOf(name: string, value: LuaValue): string[] {
  if (value === true) return [name]
  if (value === false || value === undefined) return []
  if (isTable(value)) return itemsOf(value).flatMap((one) => pairsOf(name, one))
  if (typeof value === 'string' || typeof value === 'number') {
    return [`${name}=${escapeUri(textIn(value, name))}`]
  }
  throw new LuaFault(`attempt to use ${typeOf(value)} as query arg value`)
}

/** Arguments of a text in order, as bytes. */
export function decodeArgs(text: string): [name: string, value: string | true][] {
  return text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair): [name: string, value: string | true] => {
      const at = pair.indexOf('=')
      return at < 0
        ? [unescapeUri(pair), true]
        : [unescapeUri(pair.slice(0, at)), unescapeUri(pair.slice(at + 1))]
    })
    .filter(([name]) => name !== '')
}

/** `ngx.escape_uri` of type 0: what would end or part a URL. */
export function escapeWholeUri(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replace(/[\x00-\x20#%?\x7f-\xff]/g, percentEncoded)
}
