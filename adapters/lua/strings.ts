import type { JsFunction, LuaState } from 'fengari'
import { numberText } from '../../src/lib/lua-number.ts'
import {
  type LuaData,
  LuaFault,
  type LuaNative,
  type LuaValue,
  type Several,
  several,
} from '../../src/pdk/lua-engine.ts'
import { formatted } from './format.ts'
import { textOf } from './libraries.ts'
import type { Parts } from './machine.ts'
import type { Matching } from './pattern-trial.ts'
import { findPattern, type LuaMatch } from './patterns.ts'

type Functions = Readonly<Record<string, LuaNative | { readonly raw: JsFunction }>>

/** Those of `string` that could run or grow without a bound, bounded. */
export function stringFunctions(parts: Parts): Functions {
  const { budget, virtual, values } = parts
  const step = (): void => budget.spend(1)
  const matching = (text: LuaValue, pattern: LuaValue): Matching => {
    return { text: string(text, 1), pattern: string(pattern, 2), step }
  }
  return {
    find: (text, pattern, init, plain) => find(matching(text, pattern), init, plain === true),
    match: (text, pattern, init) => {
      const what = matching(text, pattern)
      const from = startOf(init, what.text)
      const found = from === undefined ? undefined : findPattern(what, from)
      return found === undefined ? undefined : several(...shown(found, what))
    },
    gsub: (text, pattern, by, most) => gsub(matching(text, pattern), by, most),
    rep: (text, times, between) => {
      const [one, count] = [string(text, 1), Math.trunc(number(times, 2))]
      const gap = between === undefined ? '' : string(between, 3)
      if (count < 1) return ''
      budget.charge((one.length + gap.length) * count)
      return (one + gap).repeat(count - 1) + one
    },
    char: (...codes) => {
      budget.charge(codes.length)
      return codes.map((code, i) => charOf(number(code, i + 1), i + 1)).join('')
    },
    gmatch: {
      raw: (L) => {
        const what = matching(values.read(L, 1), values.read(L, 2))
        virtual.lua.lua_pushjsfunction(L, values.native(iterate(what)))
        return 1
      },
    },
    format: { raw: (L) => format(parts, L) },
  }
}

function format(parts: Parts, L: LuaState): number {
  const { virtual, values } = parts
  const count = virtual.lua.lua_gettop(L)
  const args = Array.from({ length: count - 1 }, (_, i) => values.read(L, i + 2))
  const text = formatted(string(values.read(L, 1), 1), args, (at) => textOf(parts, L, at + 2))
  values.push(L, text)
  return 1
}

function find(what: Matching, init: LuaValue, plain: boolean): LuaData | Several {
  const from = startOf(init, what.text)
  if (from === undefined) return undefined
  if (plain || !/[\^$*+?.([%-]/.test(what.pattern)) {
    const at = what.text.indexOf(what.pattern, from)
    return at < 0 ? undefined : several(at + 1, at + what.pattern.length)
  }
  const found = findPattern(what, from)
  return found === undefined ? undefined : several(found.start + 1, found.end, ...found.captures)
}

function iterate(what: Matching): LuaNative {
  let from = 0
  return () => {
    // Lua 5.1: a `^` anchors nothing here, or there would be one match at most.
    const found = from > what.text.length ? undefined : findPattern(what, from)
    if (found === undefined) {
      from = what.text.length + 1
      return undefined
    }
    from = found.end === found.start ? found.end + 1 : found.end
    return several(...shown(found, what))
  }
}

function gsub(what: Matching, by: LuaValue, most: LuaValue): Several {
  const replace = replacer(what, by)
  const limit = most === undefined ? Number.POSITIVE_INFINITY : number(most, 4)
  const anchored = what.pattern.startsWith('^')
  let [text, at, count] = ['', 0, 0]
  while (count < limit) {
    const found = findPattern(what, at)
    if (found === undefined) break
    count++
    text += what.text.slice(at, found.start) + replace(found)
    at = found.end
    if (found.end === found.start) {
      text += what.text.slice(at, at + 1)
      at++
    }
    if (at > what.text.length || anchored) break
  }
  return several(text + what.text.slice(at), count)
}

function replacer({ text }: Matching, by: LuaValue): (found: LuaMatch) => string {
  const whole = ({ start, end }: LuaMatch): string => text.slice(start, end)
  const first = (found: LuaMatch): string | number => found.captures[0] ?? whole(found)
  const chosen = (found: LuaMatch, value: LuaValue): string => {
    if (value === undefined || value === false) return whole(found)
    if (typeof value === 'string') return value
    if (typeof value === 'number') return numberText(value)
    throw new LuaFault(`invalid replacement value (a ${typeof value})`)
  }
  if (typeof by === 'string' || typeof by === 'number') {
    const template = typeof by === 'number' ? numberText(by) : by
    return (found) => filled(template, found, whole(found))
  }
  if (typeof by === 'object' && by?.kind === 'table') {
    return (found) => chosen(found, by.get(first(found)))
  }
  if (typeof by === 'object' && by?.kind === 'function') {
    return (found) =>
      chosen(found, by.call(...(found.captures.length > 0 ? found.captures : [whole(found)]))[0])
  }
  throw new LuaFault("bad argument #3 to 'gsub' (string/function/table expected)")
}

function filled(template: string, { captures }: LuaMatch, whole: string): string {
  return template.replace(/%(.?)/gs, (_, char: string) => {
    if (char === '0' || (char === '1' && captures.length === 0)) return whole
    if (!/\d/.test(char)) return char
    const capture = captures[Number(char) - 1]
    if (capture === undefined) throw new LuaFault(`invalid capture index %${char} in replacement`)
    return String(capture)
  })
}

function shown({ start, end, captures }: LuaMatch, { text }: Matching): readonly LuaData[] {
  return captures.length > 0 ? captures : [text.slice(start, end)]
}

/** Where to begin, from a place as Lua counts; undefined behind the end. */
function startOf(init: LuaValue, text: string): number | undefined {
  const given = init === undefined ? 1 : Math.trunc(number(init, 3))
  const from = given > 0 ? given - 1 : given === 0 ? 0 : Math.max(0, text.length + given)
  return from > text.length ? undefined : from
}

function string(value: LuaValue, at: number): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return numberText(value)
  const what = value === undefined ? 'nil' : typeof value
  throw new LuaFault(`bad argument #${at} (string expected, got ${what})`)
}

function number(value: LuaValue, at: number): number {
  const found = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (typeof found === 'number' && !Number.isNaN(found)) return found
  throw new LuaFault(
    `bad argument #${at} (number expected, got ${value === undefined ? 'nil' : typeof value})`,
  )
}

function charOf(code: number, at: number): string {
  if (code >= 0 && code <= 255) return String.fromCharCode(Math.trunc(code))
  throw new LuaFault(`bad argument #${at} to 'char' (invalid value)`)
}
