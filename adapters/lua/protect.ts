import type { JsFunction } from 'fengari'
import { bytesOf } from '../../src/lib/latin1.ts'
import { LuaFault, type LuaModule, type LuaNative } from '../../src/pdk/lua-engine.ts'
import type { Parts } from './machine.ts'

/** Puts a module on the stack, as a table that nobody can write to. */
export function pushModule(parts: Parts, module: LuaModule): void {
  const { virtual, L, values } = parts
  const { lua } = virtual
  const { members = {}, read } = module
  lua.lua_createtable(L, 0, 0)
  for (const [name, member] of Object.entries(members)) {
    put(parts, name, () => {
      if (typeof member === 'function') lua.lua_pushjsfunction(L, values.native(member))
      else if (typeof member === 'object' && member !== null) pushModule(parts, member)
      else values.push(L, member)
    })
  }
  if (read !== undefined) {
    lua.lua_createtable(L, 0, 1)
    putNative(parts, '__index', (_, key) => (isKey(key) ? read(key) : undefined))
    lua.lua_setmetatable(L, -2)
  }
  protect(parts, module)
}

/**
 * Puts a table that cannot be written to in the place of the one on top of the stack. The real one
 * lies behind: what is in front stays empty, so that every write is seen.
 */
export function protect(parts: Parts, { write, call, gives }: LuaModule = {}): void {
  const { virtual, L } = parts
  const { lua } = virtual
  lua.lua_createtable(L, 0, 0)
  lua.lua_createtable(L, 0, 4)
  put(parts, '__index', () => lua.lua_pushvalue(L, -4))
  put(parts, '__metatable', () => lua.lua_pushboolean(L, false))
  putNative(parts, '__newindex', (_, key, value) => {
    if (write === undefined || !isKey(key)) {
      throw new LuaFault(`attempt to change a protected table, at key '${String(key)}'`)
    }
    write(key, value)
    return undefined
  })
  if (call !== undefined) putNative(parts, '__call', (_, ...args) => call(...args))
  if (gives !== undefined)
    put(parts, '__call', () => lua.lua_pushjsfunction(L, given(parts, gives)))
  lua.lua_setmetatable(L, -2)
  lua.lua_rotate(L, -2, 1)
  lua.lua_pop(L, 1)
}

function given(parts: Parts, gives: () => LuaModule): JsFunction {
  return () => {
    pushModule(parts, gives())
    return 1
  }
}

/** Puts what `push` pushes into the table on top of the stack. */
export function put({ virtual: { lua }, L }: Parts, name: string, push: () => void): void {
  lua.lua_pushstring(L, bytesOf(name))
  push()
  lua.lua_rawset(L, -3)
}

function putNative(parts: Parts, name: string, run: LuaNative): void {
  const { virtual, L, values } = parts
  put(parts, name, () => virtual.lua.lua_pushjsfunction(L, values.native(run)))
}

function isKey(key: unknown): key is string | number {
  return typeof key === 'string' || typeof key === 'number'
}
