import type { LuaState } from 'fengari'
import {
  LuaFault,
  type LuaFunction,
  type LuaTable,
  type LuaValue,
} from '../../src/pdk/lua-engine.ts'
import { type Bridge, identityOf, type Push, readText } from './bridge.ts'
import { pushData } from './push-values.ts'

/** The value at a place of the stack; tables and functions stay in the machine. */
export function readValue(bridge: Bridge, L: LuaState, index: number): LuaValue {
  const { lua } = bridge
  switch (lua.lua_type(L, index)) {
    case lua.LUA_TBOOLEAN:
      return lua.lua_toboolean(L, index)
    case lua.LUA_TNUMBER:
      return lua.lua_tonumber(L, index)
    case lua.LUA_TSTRING:
      return readText(bridge, L, index)
    case lua.LUA_TTABLE: {
      const push: Push = lua.lua_toproxy(L, index)
      return known(bridge, tableOf(bridge, push), push)
    }
    case lua.LUA_TFUNCTION: {
      const push: Push = lua.lua_toproxy(L, index)
      return known(bridge, functionOf(bridge, push), push)
    }
    case lua.LUA_TLIGHTUSERDATA:
      return null
    default:
      return undefined
  }
}

/** What stands above `top`, in order. */
export function readResults(bridge: Bridge, L: LuaState, top: number): LuaValue[] {
  const count = bridge.lua.lua_gettop(L) - top
  return Array.from({ length: count }, (_, i) => readValue(bridge, L, top + 1 + i))
}

function known<T extends object>({ pushes }: Bridge, made: T, push: Push): T {
  pushes.set(made, push)
  return made
}

function tableOf(bridge: Bridge, push: Push): LuaTable {
  const { lua, main, arrays } = bridge
  return {
    kind: 'table',
    get length() {
      return within(bridge, push, () => lua.lua_rawlen(main, -1))
    },
    get isArray() {
      return within(bridge, push, () => arrays.has(identityOf(bridge, main)))
    },
    get: (key) =>
      within(bridge, push, () => {
        pushData(bridge, main, key)
        lua.lua_gettable(main, -2)
        return readValue(bridge, main, -1)
      }),
    set: (key, value) =>
      within(bridge, push, () => {
        pushData(bridge, main, key)
        pushData(bridge, main, value)
        lua.lua_settable(main, -3)
      }),
    entries: () => within(bridge, push, () => readEntries(bridge)),
  }
}

/** What the table on top of the stack holds. */
function readEntries(bridge: Bridge): [LuaValue, LuaValue][] {
  const { lua, main, budget } = bridge
  const entries: [LuaValue, LuaValue][] = []
  lua.lua_pushnil(main)
  while (lua.lua_next(main, -2) !== 0) {
    budget.spend(1)
    entries.push([readValue(bridge, main, -2), readValue(bridge, main, -1)])
    lua.lua_pop(main, 1)
  }
  return entries
}

function functionOf(bridge: Bridge, push: Push): LuaFunction {
  const { lua, main } = bridge
  return {
    kind: 'function',
    call: (...args) =>
      within(bridge, push, () => {
        const below = lua.lua_gettop(main) - 1
        for (const arg of args) pushData(bridge, main, arg)
        lua.lua_call(main, args.length, lua.LUA_MULTRET)
        return readResults(bridge, main, below)
      }),
  }
}

/** Runs with a value on top of the stack, and leaves the stack as it was. */
function within<T>({ lua, main }: Bridge, push: Push, run: () => T): T {
  const top = lua.lua_gettop(main)
  if (!lua.lua_checkstack(main, 20)) throw new LuaFault('stack overflow')
  push(main)
  const result = run()
  lua.lua_settop(main, top)
  return result
}
