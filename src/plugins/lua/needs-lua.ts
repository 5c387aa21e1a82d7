import { toByteString } from '../../lib/byte-string.ts'
import type { LuaEngine } from '../../pdk/lua-engine.ts'
import type { RuntimeCaps } from '../../pdk/plugin.ts'
import { type ErrorTree, type FieldErrors, hasErrors, noErrors } from '../../schema/error-tree.ts'
import { isObject } from '../../schema/field.ts'

/** What is to be done where there is no Lua. */
const NO_LUA =
  'there is no Lua here: it takes Node, Bun or Deno, the package fengari and untrusted_lua=sandbox'

/** Why code cannot run here: there is no Lua. `code` holds lists or maps of texts. */
export function needsLua(
  { lua }: Pick<RuntimeCaps, 'lua'>,
  code: readonly unknown[],
): string | undefined {
  if (lua !== undefined) return undefined
  return code.some((texts) => textsIn(texts).length > 0) ? NO_LUA : undefined
}

/** Where there is code, and how Kong begins to say that it is none. */
export interface CodeFields {
  readonly fields: readonly string[]
  readonly saying: string
}

/** Why texts are no Lua, in the shape of the configuration; undefined where they are, or nobody can tell. */
export function codeFaults(
  { lua }: Pick<RuntimeCaps, 'lua'>,
  config: Readonly<Record<string, unknown>>,
  { fields, saying }: CodeFields,
): FieldErrors | undefined {
  if (lua === undefined) return undefined
  const faults = noErrors()
  for (const field of fields) {
    const found = faultsIn(config[field], { lua, saying })
    if (found !== undefined) faults[field] = found
  }
  return hasErrors(faults) ? faults : undefined
}

/** Kong: each of a list has its own, a map the first without its key. */
function faultsIn(
  texts: unknown,
  { lua, saying }: { readonly lua: LuaEngine; readonly saying: string },
): ErrorTree | undefined {
  const faults = textsIn(texts).map((text) => {
    const error = typeof text === 'string' ? lua.check(toByteString(text)) : undefined
    return error === undefined ? null : `${saying}: ${error}`
  })
  const first = faults.find((fault) => fault !== null)
  if (first === undefined || first === null || !Array.isArray(texts)) return first ?? undefined
  return faults.slice(0, faults.findLastIndex((fault) => fault !== null) + 1)
}

function textsIn(texts: unknown): readonly unknown[] {
  if (Array.isArray(texts)) return texts
  return isObject(texts) ? Object.values(texts) : []
}
