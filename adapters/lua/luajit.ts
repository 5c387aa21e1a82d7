import type { LuaState } from 'fengari'
import { charsOf } from '../../src/lib/latin1.ts'
import type { Virtual } from './bridge.ts'
import type { Parts } from './machine.ts'

/** Arguments that LuaJIT takes the whole part of, where this machine wants whole numbers. */
const WHOLE: Readonly<Record<string, readonly number[]>> = {
  byte: [2, 3],
  sub: [2, 3],
  unpack: [2, 3],
  move: [2, 3, 4],
  random: [1, 2],
  date: [2],
  select: [1],
}

/** Makes the function on top of the stack, of this name in its library, do as LuaJIT's does. */
export function asInLuaJit(parts: Parts, name: string): void {
  if (Object.hasOwn(WHOLE, name)) truncate(parts, WHOLE[name])
  if (name === 'insert' || name === 'remove') reach(parts, name)
  if (name === 'date') withoutMark(parts)
}

/** The machine leaves the `!` in a text that is to be of UTC. */
function withoutMark({ virtual: { lua }, L }: Parts): void {
  const run = lua.lua_tocfunction(L, -1)
  if (run === null) return
  lua.lua_pop(L, 1)
  lua.lua_pushjsfunction(L, (state) => {
    const marked = lua.lua_type(state, 1) === lua.LUA_TSTRING && isMarked(lua, state, 1)
    const count = run(state)
    if (!marked || lua.lua_type(state, -1) !== lua.LUA_TSTRING) return count
    lua.lua_pushstring(state, lua.lua_tostring(state, -1).slice(1))
    return 1
  })
}

function isMarked(lua: Virtual['lua'], L: LuaState, place: number): boolean {
  return charsOf(lua.lua_tostring(L, place)).startsWith('!')
}

/** Has the function on top of the stack be called with whole numbers. */
function truncate({ virtual: { lua }, L }: Parts, places: readonly number[] | undefined): void {
  const run = lua.lua_tocfunction(L, -1)
  if (run === null || places === undefined) return
  lua.lua_pop(L, 1)
  lua.lua_pushjsfunction(L, (state) => {
    for (const place of places) toWhole(lua, state, place)
    return run(state)
  })
}

function toWhole(lua: Virtual['lua'], L: LuaState, place: number): void {
  if (lua.lua_type(L, place) !== lua.LUA_TNUMBER) return
  const value = lua.lua_tonumber(L, place)
  if (Number.isInteger(value)) return
  lua.lua_pushnumber(L, Math.trunc(value))
  lua.lua_copy(L, -1, place)
  lua.lua_pop(L, 1)
}

/** LuaJIT: a place behind the end holds nothing to remove, and is where to insert. */
function reach({ virtual: { lua }, L }: Parts, name: 'insert' | 'remove'): void {
  const run = lua.lua_tocfunction(L, -1)
  if (run === null) return
  lua.lua_pop(L, 1)
  lua.lua_pushjsfunction(L, (state) => {
    const given = lua.lua_gettop(state)
    const isTable = lua.lua_type(state, 1) === lua.LUA_TTABLE
    if (!isTable || given !== (name === 'insert' ? 3 : 2)) return run(state)
    toWhole(lua, state, 2)
    const [place, length] = [lua.lua_tonumber(state, 2), lua.lua_rawlen(state, 1)]
    if (name === 'remove' && (place < 1 || place > length)) return 0
    if (name === 'remove' || place <= length + 1) return run(state)
    lua.lua_settable(state, 1)
    return 0
  })
}
