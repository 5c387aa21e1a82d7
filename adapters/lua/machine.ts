import type { LuaState } from 'fengari'
import { bytesOf, charsOf } from '../../src/lib/latin1.ts'
import { messageOf } from '../../src/lib/message-of.ts'
import {
  type LuaChunk,
  LuaEnd,
  LuaFault,
  type LuaMachine,
  type LuaOutcome,
  type LuaTable,
  type LuaWorld,
} from '../../src/pdk/lua-engine.ts'
import type { Virtual } from './bridge.ts'
import { type Budget, createBudget, type Limits } from './budget.ts'
import { createGlobals, type Globals } from './globals.ts'
import { countStringsOf } from './numbers.ts'
import { createValues, type Values } from './values.ts'

/** What the parts of a machine share. */
export interface Parts {
  readonly virtual: Virtual
  readonly L: LuaState
  readonly values: Values
  readonly budget: Budget
  /** Ends what goes on after a run was ended: no code may catch that. */
  endIfOver(): void
}

/** How many instructions pass between two looks at the budget. */
const STRIDE = 100

/** How many bytes of code are compiled. */
const LONGEST = 128 * 1024

/** What ended a run that Lua itself did not end. */
interface Ending {
  thrown: LuaEnd | undefined
  /** A bug of ours, which is not Lua's to see. */
  bug: unknown
}

/** What runs code. */
interface Runner extends Parts {
  readonly globals: Globals
  readonly ending: Ending
}

/** Makes a machine of its own. */
export function createMachine(virtual: Virtual, world: LuaWorld, limits: Limits): LuaMachine {
  const { lua, lauxlib } = virtual
  const L = lauxlib.luaL_newstate()
  const budget = createBudget(limits)
  const values = createValues(virtual, L, budget)
  const ending: Ending = { thrown: undefined, bug: undefined }
  const endIfOver = (): void => {
    if (ending.thrown !== undefined) throw ending.thrown
  }
  const parts: Parts = { virtual, L, values, budget, endIfOver }
  budget.start()
  const globals = createGlobals(parts, world)
  lua.lua_atnativeerror(L, (state) => nativeError(virtual, state, ending))
  lua.lua_sethook(L, () => budget.spend(STRIDE), lua.LUA_MASKCOUNT, STRIDE)
  const runner: Runner = { ...parts, globals, ending }
  return {
    compile: (source) => compile(runner, source),
    newTable: () => newTable(parts),
  }
}

function compile(runner: Runner, source: string): LuaChunk {
  const { virtual, L, values, budget, globals } = runner
  const { lua } = virtual
  budget.start()
  // Some chains of branches take the compiler the square of their length.
  if (source.length > LONGEST) throw new LuaFault(`the code is longer than ${LONGEST} bytes`)
  load(runner, bytesOf(source))
  const main = lua.lua_toproxy(L, -1)
  lua.lua_settop(L, 0)
  return {
    run: (it) =>
      run(runner, () => {
        main(L)
        globals.push(L)
        // What it gave before has the same globals: it looks at them where this chunk does.
        lua.lua_setupvalue(L, -2, 1)
        if (it === undefined) return
        lua.lua_settop(L, 0)
        values.push(L, it)
      }),
  }
}

/** Leaves code on the stack as a function. */
function load({ virtual, L, values }: Runner, bytes: Uint8Array): void {
  const { lua, lauxlib } = virtual
  // Bytecode could do anything: it is not checked by the machine.
  if (bytes[0] === 0x1b) throw new LuaFault('attempt to load a binary chunk')
  const status = lauxlib.luaL_loadbuffer(L, bytes, bytes.length, bytes)
  if (status === lua.LUA_OK) return
  const message = errorText(values, L)
  lua.lua_settop(L, 0)
  throw new LuaFault(message)
}

function run(runner: Runner, push: () => void): LuaOutcome {
  const { virtual, L, budget, ending } = runner
  const { lua } = virtual
  budget.start()
  ending.thrown = undefined
  ending.bug = undefined
  countStringsOf(budget)
  // Whoever looked into a table between two runs may have been stopped half way.
  lua.lua_settop(L, 0)
  try {
    push()
    const status = lua.lua_pcall(L, 0, lua.LUA_MULTRET, 0)
    return outcomeOf(runner, status)
  } finally {
    countStringsOf(undefined)
    lua.lua_settop(L, 0)
  }
}

function outcomeOf({ virtual, L, values, budget, ending }: Runner, status: number): LuaOutcome {
  const { lua } = virtual
  if (ending.bug !== undefined) throw ending.bug
  const { spent } = budget
  if (spent !== undefined) return { kind: 'failed', message: spent }
  if (ending.thrown !== undefined) return { kind: 'ended' }
  if (status !== lua.LUA_OK) return { kind: 'failed', message: errorText(values, L) }
  const count = lua.lua_gettop(L)
  return { kind: 'done', values: Array.from({ length: count }, (_, i) => values.read(L, i + 1)) }
}

function newTable({ virtual, L, values }: Parts): LuaTable {
  const { lua } = virtual
  lua.lua_createtable(L, 0, 0)
  const made = values.read(L, -1)
  lua.lua_pop(L, 1)
  if (typeof made !== 'object' || made?.kind !== 'table') throw new Error('no table')
  return made
}

/** Makes an error of Lua's of what was thrown in a function of ours, and remembers what it may not catch. */
function nativeError({ lua, lauxlib }: Virtual, L: LuaState, ending: Ending): number {
  const error = lua.lua_touserdata(L, 1)
  if (error instanceof LuaEnd) ending.thrown ??= error
  else if (!(error instanceof LuaFault)) {
    ending.bug ??= error
    ending.thrown ??= new LuaEnd('a function of the gateway failed')
  }
  // Level 1 is the function that threw.
  lauxlib.luaL_where(L, 2)
  const place = charsOf(lua.lua_tostring(L, -1))
  const message = messageOf(error)
  lua.lua_pushstring(L, bytesOf(place + message))
  return 1
}

function errorText(values: Values, L: LuaState): string {
  const error = values.read(L, -1)
  if (typeof error === 'string') return error
  const kind = typeof error === 'object' && error !== null ? error.kind : typeof error
  return `(error object is a ${error === undefined ? 'nil' : kind} value)`
}
