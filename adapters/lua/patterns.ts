import { LuaFault } from '../../src/pdk/lua-engine.ts'
import { closingOf, type Item } from './pattern-items.ts'
import {
  type Capture,
  closingOfSpecial,
  isSpecial,
  type Matching,
  OPEN,
  POSITION,
  specialEnd,
  type Trial,
  takesOne,
} from './pattern-trial.ts'

/** A match of a Lua pattern. */
export interface LuaMatch {
  readonly start: number
  readonly end: number
  /** A position is a number. */
  readonly captures: readonly (string | number)[]
}

/** How deep a match may go; Lua's own bound. */
const DEPTH = 200
const MOST_CAPTURES = 32

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
function matchAt({ text, pattern, step }: Matching, start: number, from: number) {
  const captures: Capture[] = []
  const end = match({ text, pattern, step, captures, depth: 0 }, start, from)
  if (end === undefined) return undefined
  return { start, end, captures: captures.map((one) => captured(text, one)) }
}

function captured(text: string, { start, length }: Capture): string | number {
  if (length === OPEN) throw new LuaFault('unfinished capture')
  return length === POSITION ? start + 1 : text.slice(start, start + length)
}

/** Where the match ends of the pattern from `from` on; undefined without one. */
function match(trial: Trial, start: number, from: number): number | undefined {
  if (++trial.depth > DEPTH) throw new LuaFault('pattern too complex')
  try {
    return matchOn(trial, start, from)
  } finally {
    trial.depth--
  }
}

/** Takes one item after the other, up to one that more than one way leads on from. */
function matchOn(trial: Trial, start: number, from: number): number | undefined {
  const { text, pattern } = trial
  let at = start
  let place = from
  while (place < pattern.length) {
    trial.step()
    const char = pattern[place]
    if (char === '(') return open(trial, at, place)
    if (char === ')') return close(trial, at, place)
    if (char === '$' && place + 1 === pattern.length) return at === text.length ? at : undefined
    if (char === '%' && isSpecial(pattern[place + 1])) {
      const end = specialEnd(trial, at, place)
      if (end === undefined) return undefined
      at = end
      place = closingOfSpecial(pattern, place)
      continue
    }
    const item: Item = { place, after: closingOf(pattern, place) }
    const suffix = pattern[item.after]
    if (suffix === '*' || suffix === '+') return expand(trial, at, item)
    if (suffix === '-') return shrink(trial, at, item)
    const fits = takesOne(trial, at, item)
    if (suffix === '?') {
      const found = fits ? match(trial, at + 1, item.after + 1) : undefined
      if (found !== undefined) return found
      place = item.after + 1
    } else if (fits) {
      at++
      place = item.after
    } else return undefined
  }
  return at
}

/** As many as there are, then fewer. */
function expand(trial: Trial, at: number, item: Item): number | undefined {
  let count = 0
  while (takesOne(trial, at + count, item)) count++
  const least = trial.pattern[item.after] === '+' ? 1 : 0
  for (; count >= least; count--) {
    const found = match(trial, at + count, item.after + 1)
    if (found !== undefined) return found
  }
  return undefined
}

/** None, then more. */
function shrink(trial: Trial, start: number, item: Item): number | undefined {
  for (let at = start; ; at++) {
    const found = match(trial, at, item.after + 1)
    if (found !== undefined) return found
    if (!takesOne(trial, at, item)) return undefined
  }
}

function open(trial: Trial, at: number, place: number): number | undefined {
  const { captures, pattern } = trial
  if (captures.length >= MOST_CAPTURES) throw new LuaFault('too many captures')
  const isPosition = pattern[place + 1] === ')'
  captures.push({ start: at, length: isPosition ? POSITION : OPEN })
  const found = match(trial, at, place + (isPosition ? 2 : 1))
  if (found === undefined) captures.pop()
  return found
}

function close(trial: Trial, at: number, place: number): number | undefined {
  const capture = trial.captures.findLast(({ length }) => length === OPEN)
  if (capture === undefined) throw new LuaFault('invalid pattern capture')
  capture.length = at - capture.start
  const found = match(trial, at, place + 1)
  if (found === undefined) capture.length = OPEN
  return found
}
