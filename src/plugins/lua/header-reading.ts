import type { HeaderView } from '../../pdk/headers.ts'
import {
  type LuaData,
  type LuaHeaders,
  type LuaNative,
  type LuaValue,
  luaHeaders,
  type Several,
  several,
} from '../../pdk/lua-engine.ts'
import { limitIn } from './arguments.ts'
import { headerMap, multiMap } from './plain.ts'

/** nginx: a variable finds a header whether its name has `-` or `_`. */
export function headerFolded(headers: HeaderView, name: string): string | undefined {
  const found = headers.get(name)
  if (found !== undefined || !/[-_]/.test(name)) return found
  const folded = foldedName(name)
  const { list } = headers
  for (let i = 0; i < list.length; i += 2) {
    // The loop keeps i and i + 1 below the list's even length.
    if (foldedName(list[i] as string) === folded) return list[i + 1]
  }
  return undefined
}

function foldedName(name: string): string {
  return name.toLowerCase().replaceAll('-', '_')
}

/** Headers as Kong's kit hands them over: all, or as many as a caller allows. */
export function headerTable(list: readonly string[], most: LuaValue): LuaHeaders | Several {
  const limit = limitIn(most, 'max_headers')
  if (limit === undefined || list.length <= 2 * limit) return luaHeaders(headerMap(list))
  return several(luaHeaders(headerMap(list.slice(0, 2 * limit))), 'truncated')
}

/** `ngx.req.get_headers` and `ngx.resp.get_headers`: no limit where it is 0; as they came where `raw`. */
export function ngxHeaders(list: () => readonly string[]): LuaNative {
  return (most, raw) => {
    const all = list()
    const limit = typeof most === 'number' && most > 0 ? 2 * most : all.length
    const shown = all.length <= limit ? all : all.slice(0, limit)
    const table = raw === true ? multiMap(pairsOf(shown)) : luaHeaders(headerMap(shown))
    return shown === all ? table : several(table, 'truncated')
  }
}

function pairsOf(list: readonly string[]): [string, string][] {
  return Array.from({ length: list.length / 2 }, (_, i) => [
    // i + 1 pairs fit into the list.
    list[2 * i] as string,
    list[2 * i + 1] as string,
  ])
}

/** Arguments by name: all, or as many as a caller allows. */
export function argumentTable(
  pairs: readonly (readonly [name: string, value: string | true])[],
  limit: number | undefined,
): LuaData | Several {
  if (limit === undefined || pairs.length <= limit) return multiMap(pairs)
  return several(multiMap(pairs.slice(0, limit)), 'truncated')
}

/** `ngx`: a limit of 0 is none. */
export function ngxLimit(most: LuaValue): number | undefined {
  return typeof most === 'number' && most > 0 ? most : undefined
}
