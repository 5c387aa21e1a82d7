import type { LuaState } from 'fengari'
import { bytesOf } from '../../src/lib/latin1.ts'
import { LuaFault, type LuaModule, type LuaWorld } from '../../src/pdk/lua-engine.ts'
import { bitModule } from './bit.ts'
import { createLibraries } from './libraries.ts'
import type { Parts } from './machine.ts'

/** What code finds without a word of its own. */
export interface Globals {
  /** A table of globals that nobody wrote to. */
  push(L: LuaState): void
}

/** Makes the language's own functions, as far as they reach nothing outside, and the world's. */
export function createGlobals(parts: Parts, world: LuaWorld): Globals {
  const { virtual, L } = parts
  const { lua } = virtual
  const protect = protector(parts)
  lua.lua_createtable(L, 0, 0)
  createLibraries(parts, { into: -1, print: world.print, protect: protect.table })
  const modules = { ...world.modules, bit: bitModule }
  for (const [name, module] of Object.entries({ ...world.globals, bit: bitModule })) {
    setModule(name, module)
  }
  setRequire(modules)
  const base = lua.lua_toproxy(L, -1)
  lua.lua_createtable(L, 0, 2)
  lua.lua_pushstring(L, bytesOf('__index'))
  base(L)
  lua.lua_rawset(L, -3)
  lua.lua_pushstring(L, bytesOf('__metatable'))
  lua.lua_pushboolean(L, false)
  lua.lua_rawset(L, -3)
  const meta = lua.lua_toproxy(L, -1)
  lua.lua_settop(L, 0)

  function setModule(name: string, module: LuaModule): void {
    lua.lua_pushstring(L, bytesOf(name))
    protect.module(module)
    lua.lua_rawset(L, -3)
  }

  function setRequire(known: Readonly<Record<string, LuaModule>>): void {
    const pushes = new Map(
      Object.entries(known).map(([name, module]) => {
        protect.module(module)
        const push = lua.lua_toproxy(L, -1)
        lua.lua_pop(L, 1)
        return [name, push]
      }),
    )
    lua.lua_pushstring(L, bytesOf('require'))
    lua.lua_pushjsfunction(L, (state) => {
      const name = parts.values.read(state, 1)
      const push = typeof name === 'string' ? pushes.get(name) : undefined
      if (push === undefined)
        throw new LuaFault(`require '${String(name)}' not allowed within sandbox`)
      push(state)
      return 1
    })
    lua.lua_rawset(L, -3)
  }

  return {
    push(state) {
      lua.lua_createtable(state, 0, 1)
      lua.lua_pushstring(state, bytesOf('_G'))
      lua.lua_pushvalue(state, -2)
      lua.lua_rawset(state, -3)
      meta(state)
      lua.lua_setmetatable(state, -2)
    },
  }
}

interface Protector {
  /** Puts a table that cannot be written to in the place of the one on top of the stack. */
  table(): void
  /** Puts a module on the stack. */
  module(module: LuaModule): void
}

function protector({ virtual, L, values }: Parts): Protector {
  const { lua } = virtual
  const put = (name: string, push: () => void): void => {
    lua.lua_pushstring(L, bytesOf(name))
    push()
    lua.lua_rawset(L, -3)
  }

  /** The real one lies behind: what is in front stays empty, so that every write is seen. */
  function front(module: LuaModule): void {
    const { write, call } = module
    lua.lua_createtable(L, 0, 0)
    lua.lua_createtable(L, 0, 4)
    put('__index', () => lua.lua_pushvalue(L, -4))
    put('__metatable', () => lua.lua_pushboolean(L, false))
    put('__newindex', () =>
      lua.lua_pushjsfunction(
        L,
        values.native((_, key, value) => {
          if (write === undefined || !isKey(key)) {
            throw new LuaFault(`attempt to change a protected table, at key '${String(key)}'`)
          }
          write(key, value)
          return undefined
        }),
      ),
    )
    if (call !== undefined) {
      put('__call', () =>
        lua.lua_pushjsfunction(
          L,
          values.native((_, ...args) => call(...args)),
        ),
      )
    }
    lua.lua_setmetatable(L, -2)
    lua.lua_rotate(L, -2, 1)
    lua.lua_pop(L, 1)
  }

  function pushModule(module: LuaModule): void {
    const { members = {}, read } = module
    lua.lua_createtable(L, 0, 0)
    for (const [name, member] of Object.entries(members)) {
      put(name, () => {
        if (typeof member === 'function') lua.lua_pushjsfunction(L, values.native(member))
        else if (typeof member === 'object' && member !== null) pushModule(member)
        else values.push(L, member)
      })
    }
    if (read !== undefined) {
      lua.lua_createtable(L, 0, 1)
      put('__index', () =>
        lua.lua_pushjsfunction(
          L,
          values.native((_, key) => (isKey(key) ? read(key) : undefined)),
        ),
      )
      lua.lua_setmetatable(L, -2)
    }
    front(module)
  }

  return { table: () => front({}), module: pushModule }
}

function isKey(key: unknown): key is string | number {
  return typeof key === 'string' || typeof key === 'number'
}
