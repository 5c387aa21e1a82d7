import type { JsFunction, LuaState } from 'fengari'
import { LuaFault, type LuaModule, type LuaWorld } from '../../src/pdk/lua-engine.ts'
import { bitModule } from './bit.ts'
import { createLibraries } from './libraries.ts'
import type { Parts } from './machine.ts'
import { protect, pushModule, put } from './protect.ts'

/** What code finds without a word of its own. */
export interface Globals {
  /** A table of globals that nobody wrote to. */
  push(L: LuaState): void
}

/** Makes the language's own functions, as far as they reach nothing outside, and the world's. */
export function createGlobals(parts: Parts, world: LuaWorld): Globals {
  const { virtual, L } = parts
  const { lua } = virtual
  lua.lua_createtable(L, 0, 0)
  createLibraries(parts, { into: -1, print: world.print, protect: () => protect(parts) })
  for (const [name, module] of Object.entries({ ...world.globals, bit: bitModule })) {
    put(parts, name, () => pushModule(parts, module))
  }
  const require = requireOf(parts, { ...world.modules, bit: bitModule })
  put(parts, 'require', () => lua.lua_pushjsfunction(L, require))
  const base = lua.lua_toproxy(L, -1)
  lua.lua_createtable(L, 0, 2)
  put(parts, '__index', () => base(L))
  put(parts, '__metatable', () => lua.lua_pushboolean(L, false))
  const meta = lua.lua_toproxy(L, -1)
  lua.lua_settop(L, 0)

  return {
    push(state) {
      lua.lua_createtable(state, 0, 1)
      put({ ...parts, L: state }, '_G', () => lua.lua_pushvalue(state, -2))
      meta(state)
      lua.lua_setmetatable(state, -2)
    },
  }
}

/** `require`, of modules that are made beforehand. */
function requireOf(parts: Parts, known: Readonly<Record<string, LuaModule>>): JsFunction {
  const { virtual, L, values } = parts
  const { lua } = virtual
  const pushes = new Map(
    Object.entries(known).map(([name, module]) => {
      pushModule(parts, module)
      const push = lua.lua_toproxy(L, -1)
      lua.lua_pop(L, 1)
      return [name, push]
    }),
  )
  return (state) => {
    const name = values.read(state, 1)
    const push = typeof name === 'string' ? pushes.get(name) : undefined
    if (push === undefined) {
      throw new LuaFault(`require '${String(name)}' not allowed within sandbox`)
    }
    push(state)
    return 1
  }
}
