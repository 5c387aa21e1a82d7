import { toByteString } from '../../lib/byte-string.ts'
import type { RuntimeCaps } from '../../pdk/plugin.ts'
import { isObject } from '../../schema/field.ts'

/** What is to be done where there is no Lua. */
const NO_LUA =
  'there is no Lua here: it takes Node, Bun or Deno, the package fengari and untrusted_lua=sandbox'

/** Why code cannot run here: there is no Lua, or a text is none. `code` holds texts by their place. */
export function needsLua(
  { lua }: Pick<RuntimeCaps, 'lua'>,
  code: ReadonlyMap<string, string>,
): string | undefined {
  if (code.size === 0) return undefined
  if (lua === undefined) return NO_LUA
  for (const [place, source] of code) {
    const error = lua.check(toByteString(source))
    if (error !== undefined) return `${place}: Error parsing function: ${error}`
  }
  return undefined
}

/** The texts of a list or a map, by where they stand. */
export function codeIn(field: string, texts: unknown): [place: string, source: string][] {
  if (!Array.isArray(texts) && !isObject(texts)) return []
  return Object.entries(texts).flatMap(([key, text]) => {
    const place = Array.isArray(texts) ? `${field}[${Number(key) + 1}]` : `${field}.${key}`
    return typeof text === 'string' ? [[place, text] as [string, string]] : []
  })
}
