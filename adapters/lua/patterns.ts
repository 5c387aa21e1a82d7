import { LuaFault } from '../../src/pdk/lua-engine.ts'
import { closingOf, matchesOne } from './pattern-items.ts'

/** A match of a Lua pattern. */
export interface LuaMatch {
  readonly start: number
  readonly end: number
  /** A position is a number. */
  readonly captures: readonly (string | number)[]
}

/** What is matched. */
export interface Matching {
  readonly text: string
  readonly pattern: string
  /** Told of every step, for matching may backtrack without end. */
  readonly step: () => void
}

const OPEN = -1
const POSITION = -2
/** How deep a match may go; Lua's own bound. */
const DEPTH = 200
const MOST_CAPTURES = 32

interface Capture {
  start: number
  length: number
}

/** Finds the first match from a place on; one that begins with `^` matches there alone. */
export function findPattern(matching: Matching, from: number): LuaMatch | undefined {
  const anchored = matching.pattern.startsWith('^')
  for (let start = from; start <= matching.text.length; start++) {
    const found = matchAt(matching, start, anchored ? 1 : 0)
    if (found !== undefined || anchored) return found
  }
  return undefined
}

/** Matches at one place, the pattern from one of its places on. */
export function matchAt(matching: Matching, start: number, from = 0): LuaMatch | undefined {
  const captures: Capture[] = []
  const end = createMatcher(matching, captures)(start, from)
  if (end === undefined) return undefined
  return { start, end, captures: captures.map((one) => captured(matching.text, one)) }
}

function captured(text: string, { start, length }: Capture): string | number {
  if (length === OPEN) throw new LuaFault('unfinished capture')
  return length === POSITION ? start + 1 : text.slice(start, start + length)
}

type Matcher = (at: number, from: number) => number | undefined

function createMatcher({ text, pattern, step }: Matching, captures: Capture[]): Matcher {
  let depth = 0

  function match(start: number, from: number): number | undefined {
    if (++depth > DEPTH) throw new LuaFault('pattern too complex')
    try {
      return matchOn(start, from)
    } finally {
      depth--
    }
  }

  function matchOn(start: number, from: number): number | undefined {
    let at = start
    let place = from
    while (place < pattern.length) {
      step()
      const char = pattern[place]
      const next = pattern[place + 1]
      if (char === '(') return open(at, place)
      if (char === ')') return close(at, place)
      if (char === '$' && place + 1 === pattern.length) return at === text.length ? at : undefined
      if (char === '%' && next === 'b') {
        const end = balanced(at, place)
        if (end === undefined) return undefined
        at = end
        place += 4
        continue
      }
      if (char === '%' && next === 'f') {
        const end = frontier(at, place + 2)
        if (end === undefined) return undefined
        place = end
        continue
      }
      if (char === '%' && next !== undefined && next >= '0' && next <= '9') {
        const end = again(at, next)
        if (end === undefined) return undefined
        at = end
        place += 2
        continue
      }
      const after = closingOf(pattern, place)
      const suffix = pattern[after]
      if (suffix === '*' || suffix === '+') return expand(at, place, after)
      if (suffix === '-') return shrink(at, place, after)
      const fits = one(at, place, after)
      if (suffix === '?') {
        const found = fits ? match(at + 1, after + 1) : undefined
        if (found !== undefined) return found
        place = after + 1
        continue
      }
      if (!fits) return undefined
      at++
      place = after
    }
    return at
  }

  function one(at: number, place: number, after: number): boolean {
    step()
    return at < text.length && matchesOne(text.charCodeAt(at), pattern, { place, after })
  }

  function expand(at: number, place: number, after: number): number | undefined {
    let count = 0
    while (one(at + count, place, after)) count++
    const least = pattern[after] === '+' ? 1 : 0
    for (; count >= least; count--) {
      const found = match(at + count, after + 1)
      if (found !== undefined) return found
    }
    return undefined
  }

  function shrink(start: number, place: number, after: number): number | undefined {
    for (let at = start; ; at++) {
      const found = match(at, after + 1)
      if (found !== undefined) return found
      if (!one(at, place, after)) return undefined
    }
  }

  function open(at: number, place: number): number | undefined {
    if (captures.length >= MOST_CAPTURES) throw new LuaFault('too many captures')
    const isPosition = pattern[place + 1] === ')'
    captures.push({ start: at, length: isPosition ? POSITION : OPEN })
    const found = match(at, place + (isPosition ? 2 : 1))
    if (found === undefined) captures.pop()
    return found
  }

  function close(at: number, place: number): number | undefined {
    const capture = captures.findLast(({ length }) => length === OPEN)
    if (capture === undefined) throw new LuaFault('invalid pattern capture')
    capture.length = at - capture.start
    const found = match(at, place + 1)
    if (found === undefined) capture.length = OPEN
    return found
  }

  function again(at: number, digit: string): number | undefined {
    const capture = captures[Number(digit) - 1]
    if (capture === undefined || capture.length < 0) {
      throw new LuaFault(`invalid capture index %${digit}`)
    }
    const part = text.slice(capture.start, capture.start + capture.length)
    return text.startsWith(part, at) ? at + part.length : undefined
  }

  function balanced(start: number, place: number): number | undefined {
    const [first, last] = [pattern[place + 2], pattern[place + 3]]
    if (last === undefined) throw new LuaFault("missing arguments to '%b'")
    if (text[start] !== first) return undefined
    let nested = 1
    for (let at = start + 1; at < text.length; at++) {
      step()
      if (text[at] === last) {
        if (--nested === 0) return at + 1
      } else if (text[at] === first) nested++
    }
    return undefined
  }

  function frontier(at: number, place: number): number | undefined {
    if (pattern[place] !== '[') throw new LuaFault("missing '[' after '%f' in pattern")
    const after = closingOf(pattern, place)
    const before = at === 0 ? 0 : text.charCodeAt(at - 1)
    const here = at < text.length ? text.charCodeAt(at) : 0
    const set = { place, after }
    return !matchesOne(before, pattern, set) && matchesOne(here, pattern, set) ? after : undefined
  }

  return match
}
