import type { LuaModule, LuaTable, LuaValue } from '../../pdk/lua-engine.ts'
import { tableIn } from './arguments.ts'

/** `kong.table`. */
export const kongTable: LuaModule = {
  members: {
    new: () => new Map(),
    clear: (given) => {
      const table = tableIn(given, 'table')
      for (const [key] of entriesOf(table)) table.set(key, undefined)
      return undefined
    },
    merge: (one, other) => new Map([...entriesIn(one), ...entriesIn(other)]),
  },
}

function entriesIn(value: LuaValue): [string | number, LuaValue][] {
  return value === undefined || value === false ? [] : entriesOf(tableIn(value, 'table'))
}

/** Those under texts and numbers: others do not leave Lua. */
function entriesOf(table: LuaTable): [string | number, LuaValue][] {
  return table
    .entries()
    .flatMap(([key, value]) =>
      typeof key === 'string' || typeof key === 'number' ? [[key, value] as const] : [],
    )
    .map(([key, value]) => [key, value])
}
