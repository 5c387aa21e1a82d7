import type fengari from 'fengari'
import type { JsFunction, LuaState } from 'fengari'
import { bytesOf, charsOf } from '../../src/lib/latin1.ts'
import {
  headersOfLua,
  itemsOfLua,
  type LuaData,
  LuaFault,
  type LuaFunction,
  type LuaNative,
  type LuaTable,
  type LuaValue,
  resultsOf,
} from '../../src/pdk/lua-engine.ts'
import type { Budget } from './budget.ts'

/** The machine's package. */
export type Virtual = typeof fengari

/** Hands values over, both ways. */
export interface Values {
  read(L: LuaState, index: number): LuaValue
  push(L: LuaState, value: LuaData): void
  /** A function of ours as the machine calls it. */
  native(run: LuaNative): JsFunction
}

type Push = (L: LuaState) => void

/** What `ngx.null` is in the machine. */
const NULL = { null: true }

/** Makes what hands values over; `main` is the state that everything happens in. */
export function createValues({ lua }: Virtual, main: LuaState, budget: Budget): Values {
  /** How what came from Lua goes back there. */
  const pushes = new WeakMap<object, Push>()
  /** Tables that were handed over as arrays. */
  const arrays = new WeakSet<object>()
  let folding: Push | undefined

  function read(L: LuaState, index: number): LuaValue {
    switch (lua.lua_type(L, index)) {
      case lua.LUA_TBOOLEAN:
        return lua.lua_toboolean(L, index)
      case lua.LUA_TNUMBER:
        return lua.lua_tonumber(L, index)
      case lua.LUA_TSTRING: {
        const bytes = lua.lua_tostring(L, index)
        budget.charge(bytes.length)
        return charsOf(bytes)
      }
      case lua.LUA_TTABLE:
        return known(tableOf, L, index)
      case lua.LUA_TFUNCTION:
        return known(functionOf, L, index)
      case lua.LUA_TLIGHTUSERDATA:
        return null
      default:
        return undefined
    }
  }

  function known<T extends object>(make: (push: Push) => T, L: LuaState, index: number): T {
    const push: Push = lua.lua_toproxy(L, index)
    const made = make(push)
    pushes.set(made, push)
    return made
  }

  function tableOf(push: Push): LuaTable {
    return {
      kind: 'table',
      get length() {
        return within(() => {
          push(main)
          return lua.lua_rawlen(main, -1)
        })
      },
      get isArray() {
        return within(() => {
          push(main)
          return arrays.has(identityOf(main))
        })
      },
      get: (key) =>
        within(() => {
          push(main)
          pushData(main, key)
          lua.lua_gettable(main, -2)
          return read(main, -1)
        }),
      set: (key, value) =>
        within(() => {
          push(main)
          pushData(main, key)
          pushData(main, value)
          lua.lua_settable(main, -3)
        }),
      entries: () => within(() => entriesOf(push)),
    }
  }

  function entriesOf(push: Push): [LuaValue, LuaValue][] {
    const entries: [LuaValue, LuaValue][] = []
    push(main)
    lua.lua_pushnil(main)
    while (lua.lua_next(main, -2) !== 0) {
      budget.spend(1)
      entries.push([read(main, -2), read(main, -1)])
      lua.lua_pop(main, 1)
    }
    return entries
  }

  function functionOf(push: Push): LuaFunction {
    return {
      kind: 'function',
      call: (...args) =>
        within(() => {
          const top = lua.lua_gettop(main)
          push(main)
          for (const arg of args) pushData(main, arg)
          lua.lua_call(main, args.length, lua.LUA_MULTRET)
          return resultsFrom(main, top)
        }),
    }
  }

  function resultsFrom(L: LuaState, top: number): LuaValue[] {
    const count = lua.lua_gettop(L) - top
    return Array.from({ length: count }, (_, i) => read(L, top + 1 + i))
  }

  /** Leaves the stack as it was. */
  function within<T>(run: () => T): T {
    const top = lua.lua_gettop(main)
    if (!lua.lua_checkstack(main, 20)) throw new LuaFault('stack overflow')
    const result = run()
    lua.lua_settop(main, top)
    return result
  }

  function pushData(L: LuaState, value: LuaData): void {
    if (value === undefined) lua.lua_pushnil(L)
    else if (value === null) lua.lua_pushlightuserdata(L, NULL)
    else if (typeof value === 'string') pushText(L, value)
    else if (typeof value === 'number') lua.lua_pushnumber(L, value)
    else if (typeof value === 'boolean') lua.lua_pushboolean(L, value)
    else pushObject(L, value)
  }

  function pushText(L: LuaState, text: string): void {
    budget.charge(text.length)
    lua.lua_pushstring(L, bytesOf(text))
  }

  function pushObject(L: LuaState, value: Extract<LuaData, object>): void {
    const push = pushes.get(value)
    if (push !== undefined) {
      push(L)
      return
    }
    if (!lua.lua_checkstack(L, 3)) throw new LuaFault('too deeply nested')
    const headers = headersOfLua(value)
    const array = itemsOfLua(value)
    const entries = entriesFor(headers ?? array ?? value)
    lua.lua_createtable(L, 0, entries.length)
    for (const [key, member] of entries) {
      budget.spend(1)
      pushData(L, key)
      pushData(L, member)
      lua.lua_rawset(L, -3)
    }
    if (array !== undefined) arrays.add(identityOf(L))
    if (headers === undefined) return
    pushFolding(L)
    lua.lua_setmetatable(L, -2)
  }

  /** The table on top of the stack itself, which no two tables share. */
  function identityOf(L: LuaState): object {
    const table = lua.lua_topointer(L, -1)
    if (typeof table !== 'object' || table === null) throw new Error('no table')
    return table
  }

  /** OpenResty: the metatable of headers, one for all. */
  function pushFolding(L: LuaState): void {
    if (folding === undefined) {
      lua.lua_createtable(L, 0, 2)
      lua.lua_pushstring(L, bytesOf('__index'))
      lua.lua_pushjsfunction(L, folded)
      lua.lua_rawset(L, -3)
      folding = lua.lua_toproxy(L, -1)
    } else folding(L)
  }

  function folded(L: LuaState): number {
    const name = read(L, 2)
    if (typeof name !== 'string') return 0
    pushText(L, name.toLowerCase().replaceAll('_', '-'))
    lua.lua_rawget(L, 1)
    return 1
  }

  function native(run: LuaNative): JsFunction {
    return (L) => {
      const given = run(...resultsFrom(L, 0))
      const results = resultsOf(given)
      for (const result of results) pushData(L, result)
      return results.length
    }
  }

  return { read, push: pushData, native }
}

function entriesFor(value: Extract<LuaData, object>): (readonly [string | number, LuaData])[] {
  if (value instanceof Map) return [...value]
  if (!Array.isArray(value)) throw new Error('a value of another machine')
  return value.map((one, i) => [i + 1, one])
}
