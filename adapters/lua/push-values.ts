import type { LuaState } from 'fengari'
import { bytesOf } from '../../src/lib/latin1.ts'
import { headersOfLua, itemsOfLua, type LuaData, LuaFault } from '../../src/pdk/lua-engine.ts'
import { type Bridge, identityOf, readText } from './bridge.ts'

/** What `ngx.null` is in the machine. */
const NULL = { null: true }

/** Puts a value of ours on the stack. */
export function pushData(bridge: Bridge, L: LuaState, value: LuaData): void {
  if (typeof value === 'string') pushText(bridge, L, value)
  else if (typeof value === 'number') bridge.lua.lua_pushnumber(L, value)
  else if (value === undefined) bridge.lua.lua_pushnil(L)
  else if (value === null) bridge.lua.lua_pushlightuserdata(L, NULL)
  else if (typeof value === 'boolean') bridge.lua.lua_pushboolean(L, value)
  else pushObject(bridge, L, value)
}

function pushText({ lua, budget }: Bridge, L: LuaState, text: string): void {
  budget.charge(text.length)
  lua.lua_pushstring(L, bytesOf(text))
}

function pushObject(bridge: Bridge, L: LuaState, value: Extract<LuaData, object>): void {
  const push = bridge.pushes.get(value)
  if (push === undefined) pushTable(bridge, L, value)
  else push(L)
}

function pushTable(bridge: Bridge, L: LuaState, value: Extract<LuaData, object>): void {
  const { lua, budget, arrays } = bridge
  if (!lua.lua_checkstack(L, 3)) throw new LuaFault('too deeply nested')
  const headers = headersOfLua(value)
  const array = itemsOfLua(value)
  const entries = entriesFor(headers ?? array ?? value)
  lua.lua_createtable(L, 0, entries.length)
  for (const [key, member] of entries) {
    budget.spend(1)
    pushData(bridge, L, key)
    pushData(bridge, L, member)
    lua.lua_rawset(L, -3)
  }
  if (array !== undefined) arrays.add(identityOf(bridge, L))
  if (headers === undefined) return
  pushFolding(bridge, L)
  lua.lua_setmetatable(L, -2)
}

function entriesFor(value: Extract<LuaData, object>): (readonly [string | number, LuaData])[] {
  if (value instanceof Map) return [...value]
  if (!Array.isArray(value)) throw new Error('a value of another machine')
  return value.map((one, i) => [i + 1, one])
}

/** OpenResty: the metatable of headers, one for all. */
function pushFolding(bridge: Bridge, L: LuaState): void {
  const { lua, folding } = bridge
  if (folding !== undefined) {
    folding(L)
    return
  }
  lua.lua_createtable(L, 0, 2)
  lua.lua_pushstring(L, bytesOf('__index'))
  lua.lua_pushjsfunction(L, (state) => pushFolded(bridge, state))
  lua.lua_rawset(L, -3)
  bridge.folding = lua.lua_toproxy(L, -1)
}

/** A header that was asked for by another form of its name. */
function pushFolded(bridge: Bridge, L: LuaState): number {
  const { lua } = bridge
  if (lua.lua_type(L, 2) !== lua.LUA_TSTRING) return 0
  pushText(bridge, L, readText(bridge, L, 2).toLowerCase().replaceAll('_', '-'))
  lua.lua_rawget(L, 1)
  return 1
}
