import type fengari from 'fengari'
import type { LuaState } from 'fengari'
import { charsOf } from '../../src/lib/latin1.ts'
import type { Budget } from './budget.ts'

/** The machine's package. */
export type Virtual = typeof fengari

/** Pushes one value of the machine again. */
export type Push = (L: LuaState) => void

/** What both ways between the machine and us know. */
export interface Bridge {
  readonly lua: Virtual['lua']
  /** The state that everything happens in. */
  readonly main: LuaState
  readonly budget: Budget
  /** How what came from Lua goes back there. */
  readonly pushes: WeakMap<object, Push>
  /** Tables that were handed over as arrays. */
  readonly arrays: WeakSet<object>
  /** Pushes the metatable of headers, once there is one. */
  folding: Push | undefined
}

/** Makes a bridge that nothing has gone over. */
export function createBridge({ lua }: Virtual, main: LuaState, budget: Budget): Bridge {
  const [pushes, arrays] = [new WeakMap<object, Push>(), new WeakSet()]
  return { lua, main, budget, pushes, arrays, folding: undefined }
}

/** The text at a place of the stack, where there is one. */
export function readText({ lua, budget }: Bridge, L: LuaState, index: number): string {
  const bytes = lua.lua_tostring(L, index)
  budget.charge(bytes.length)
  return charsOf(bytes)
}

/** The table on top of the stack itself, which no two tables share. */
export function identityOf({ lua }: Bridge, L: LuaState): object {
  const table = lua.lua_topointer(L, -1)
  if (typeof table !== 'object' || table === null) throw new Error('no table')
  return table
}
