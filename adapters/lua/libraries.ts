import type { JsFunction, LuaState } from 'fengari'
import { bytesOf, charsOf } from '../../src/lib/latin1.ts'
import { numberText } from '../../src/lib/lua-number.ts'
import { LuaFault, type LuaNative, several } from '../../src/pdk/lua-engine.ts'
import { asInLuaJit } from './luajit.ts'
import type { Parts } from './machine.ts'
import { put } from './protect.ts'
import { stringFunctions } from './strings.ts'
import { tableFunctions } from './tables.ts'

/** What is taken as it is of the language's libraries; Kong's sandbox has no more. */
const KEPT = {
  string: ['byte', 'len', 'lower', 'upper', 'reverse', 'sub'],
  table: ['insert', 'move', 'pack', 'remove', 'sort', 'unpack'],
  math: [
    ...['abs', 'acos', 'asin', 'atan', 'ceil', 'cos', 'deg', 'exp', 'floor', 'fmod', 'huge'],
    ...['log', 'max', 'min', 'modf', 'pi', 'rad', 'random', 'sin', 'sqrt', 'tan'],
  ],
  os: ['clock', 'date', 'difftime', 'time'],
} as const

const KEPT_OF_BASE = ['assert', 'error', 'ipairs', 'next', 'pairs', 'select', 'tonumber', 'type']

const MATH: Readonly<Record<string, LuaNative>> = {
  atan2: (y, x) => Math.atan2(number(y, 1), number(x, 2)),
  frexp: (x) => several(...parted(number(x, 1))),
  ldexp: (x, power) => number(x, 1) * 2 ** number(power, 2),
  cosh: (x) => Math.cosh(number(x, 1)),
  log10: (x) => Math.log10(number(x, 1)),
  pow: (x, y) => number(x, 1) ** number(y, 2),
  sinh: (x) => Math.sinh(number(x, 1)),
  tanh: (x) => Math.tanh(number(x, 1)),
}

/** How many steps a call takes, by its table's length and its arguments. */
type Cost = (call: {
  readonly length: number
  readonly count: number
  argument(index: number): number
}) => number

/** Those of `table` that go through one in a single instruction. */
const TABLE_COSTS: Readonly<Record<string, Cost>> = {
  insert: ({ length, count, argument }) => (count > 2 ? length - argument(2) : 0),
  remove: ({ length, count, argument }) => (count > 1 ? length - argument(2) : 0),
  move: ({ argument }) => argument(3) - argument(2),
  sort: ({ length }) => length * Math.log2(length + 1),
}

interface Placing {
  /** The stack's index of the table of globals; the top. */
  readonly into: -1
  readonly print: (text: string) => void
  /** Makes the table on top of the stack one that cannot be written to. */
  readonly protect: () => void
}

/** Adds the language's libraries, less what reaches outside or has no bound. */
export function createLibraries(parts: Parts, { into, print, protect }: Placing): void {
  const { virtual, L } = parts
  const { lua, lualib } = virtual
  lua.lua_pushvalue(L, into)
  putBase(parts, print)
  const libraries: readonly Library[] = [
    ['string', lualib.luaopen_string, KEPT.string, stringFunctions(parts)],
    ['table', lualib.luaopen_table, KEPT.table, tableFunctions(parts)],
    ['math', lualib.luaopen_math, KEPT.math, MATH],
    ['os', lualib.luaopen_os, KEPT.os, {}],
  ]
  for (const library of libraries) putLibrary(parts, library, protect)
  putUnpack(parts)
  lua.lua_pop(L, 1)
}

/** Puts the functions that need no name before them into the table on top of the stack. */
function putBase(parts: Parts, print: (text: string) => void): void {
  const { virtual, values, L } = parts
  const { lua, lualib, lauxlib } = virtual
  pick(parts, lualib.luaopen_base, KEPT_OF_BASE)
  put(parts, '_VERSION', () => values.push(L, 'Lua 5.1'))
  const raws: Readonly<Record<string, JsFunction>> = {
    pcall: protectedCall(parts),
    xpcall: handledCall(parts),
    tostring: (state) => {
      lauxlib.luaL_checkany(state, 1)
      values.push(state, textOf(parts, state, 1))
      return 1
    },
    print: (state) => {
      const count = lua.lua_gettop(state)
      print(Array.from({ length: count }, (_, i) => textOf(parts, state, i + 1)).join('\t'))
      return 0
    },
  }
  for (const [name, run] of Object.entries(raws)) {
    put(parts, name, () => lua.lua_pushjsfunction(L, run))
  }
}

function putLibrary(parts: Parts, [name, open, kept, ours]: Library, protect: () => void): void {
  const { virtual, L, values } = parts
  const { lua } = virtual
  put(parts, name, () => {
    lua.lua_createtable(L, 0, 0)
    pick(parts, open, kept)
    for (const [member, run] of Object.entries(ours)) {
      const raw = typeof run === 'function' ? values.native(run) : run.raw
      put(parts, member, () => lua.lua_pushjsfunction(L, raw))
    }
    if (name === 'string') setStringMethods(parts)
    protect()
  })
}

type Library = readonly [
  name: string,
  open: JsFunction,
  kept: readonly string[],
  ours: Readonly<Record<string, LuaNative | { readonly raw: JsFunction }>>,
]

/** Puts some of a library's functions into the table on top of the stack. */
function pick(parts: Parts, open: JsFunction, names: readonly string[]): void {
  const { virtual, L } = parts
  const { lua } = virtual
  lua.lua_pushjsfunction(L, open)
  lua.lua_call(L, 0, 1)
  for (const name of names) {
    lua.lua_pushstring(L, bytesOf(name))
    lua.lua_pushvalue(L, -1)
    lua.lua_rawget(L, -3)
    asInLuaJit(parts, name)
    if (Object.hasOwn(TABLE_COSTS, name)) charge(parts, TABLE_COSTS[name])
    // [target, library, name, function]
    lua.lua_rawset(L, -4)
  }
  lua.lua_pop(L, 1)
}

/** Has the function on top of the stack pay for its work before it does it. */
function charge({ virtual: { lua }, L, budget }: Parts, cost: Cost | undefined): void {
  const run = lua.lua_tocfunction(L, -1)
  if (run === null || cost === undefined) return
  lua.lua_pop(L, 1)
  lua.lua_pushjsfunction(L, (state) => {
    const isTable = lua.lua_type(state, 1) === lua.LUA_TTABLE
    const steps = cost({
      length: isTable ? lua.lua_rawlen(state, 1) : 0,
      count: lua.lua_gettop(state),
      argument: (index) => lua.lua_tonumber(state, index),
    })
    // What is no number costs nothing: the function refuses it.
    if (steps > 0) budget.spend(Math.ceil(steps))
    return run(state)
  })
}

/** Lua 5.1 has it as a global. */
function putUnpack({ virtual, L }: Parts): void {
  const { lua } = virtual
  lua.lua_pushstring(L, bytesOf('unpack'))
  lua.lua_pushstring(L, bytesOf('table'))
  lua.lua_rawget(L, -3)
  lua.lua_pushstring(L, bytesOf('unpack'))
  lua.lua_gettable(L, -2)
  lua.lua_rotate(L, -2, 1)
  lua.lua_pop(L, 1)
  lua.lua_rawset(L, -3)
}

/** Methods of strings are those of this library, and the table they are in is nobody's to see. */
function setStringMethods({ virtual, L }: Parts): void {
  const { lua } = virtual
  lua.lua_pushstring(L, bytesOf(''))
  lua.lua_createtable(L, 0, 2)
  lua.lua_pushstring(L, bytesOf('__index'))
  lua.lua_pushvalue(L, -4)
  lua.lua_rawset(L, -3)
  lua.lua_pushstring(L, bytesOf('__metatable'))
  lua.lua_pushboolean(L, false)
  lua.lua_rawset(L, -3)
  lua.lua_setmetatable(L, -2)
  lua.lua_pop(L, 1)
}

/** What `tostring` shows; numbers as Lua 5.1 writes them. */
export function textOf({ virtual, values }: Parts, L: LuaState, index: number): string {
  const value = values.read(L, index)
  if (typeof value === 'number') return numberText(value)
  if (typeof value === 'string') return value
  if (value === null) return 'userdata: NULL'
  const { lua, lauxlib } = virtual
  const text = charsOf(lauxlib.luaL_tolstring(L, index))
  lua.lua_pop(L, 1)
  return text
}

/** `pcall`; it catches no end of a run. */
function protectedCall({ virtual, endIfOver }: Parts): JsFunction {
  const { lua, lauxlib } = virtual
  return (L) => {
    lauxlib.luaL_checkany(L, 1)
    const status = lua.lua_pcall(L, lua.lua_gettop(L) - 1, lua.LUA_MULTRET, 0)
    endIfOver()
    lua.lua_pushboolean(L, status === lua.LUA_OK)
    lua.lua_insert(L, 1)
    return lua.lua_gettop(L)
  }
}

/**
 * `xpcall`, with arguments as LuaJIT takes them. The handler runs once the error is caught: the
 * machine's own way calls it for its own errors too, without an end.
 */
function handledCall({ virtual, endIfOver }: Parts): JsFunction {
  const { lua, lauxlib } = virtual
  return (L) => {
    lauxlib.luaL_checkany(L, 2)
    // [run, handler, …] becomes [handler, run, …].
    lua.lua_pushvalue(L, 2)
    lua.lua_insert(L, 1)
    lua.lua_rotate(L, 3, -1)
    lua.lua_pop(L, 1)
    const status = lua.lua_pcall(L, lua.lua_gettop(L) - 2, lua.LUA_MULTRET, 0)
    endIfOver()
    if (status !== lua.LUA_OK) {
      lua.lua_call(L, 1, lua.LUA_MULTRET)
      lua.lua_pushboolean(L, false)
      lua.lua_insert(L, 1)
      return lua.lua_gettop(L)
    }
    lua.lua_pushboolean(L, true)
    lua.lua_insert(L, 2)
    return lua.lua_gettop(L) - 1
  }
}

/** C's `frexp`: a part of at least a half and less than one, and the power of two that it is of. */
function parted(value: number): readonly [part: number, power: number] {
  if (value === 0 || !Number.isFinite(value)) return [value, 0]
  let power = Math.max(-1074, Math.floor(Math.log2(Math.abs(value))) + 1)
  // Two steps: a power of two below the smallest is none.
  let part = value / 2 ** (power >> 1) / 2 ** (power - (power >> 1))
  for (; Math.abs(part) >= 1; power++) part /= 2
  for (; Math.abs(part) < 0.5; power--) part *= 2
  return [part, power]
}

function number(value: unknown, at: number): number {
  const found = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (typeof found === 'number') return found
  throw new LuaFault(`bad argument #${at} (number expected, got ${typeof found})`)
}
