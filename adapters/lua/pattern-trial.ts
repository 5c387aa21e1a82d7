import { LuaFault } from '../../src/pdk/lua-engine.ts'
import { closingOf, type Item, matchesOne } from './pattern-items.ts'

/** What is matched. */
export interface Matching {
  readonly text: string
  readonly pattern: string
  /** Told of every step, for matching may backtrack without end. */
  readonly step: () => void
}

/** One try to match, from one place of the text. */
export interface Trial extends Matching {
  readonly captures: Capture[]
  /** How many matches of a rest of the pattern wait for one another. */
  depth: number
}

/** What stands between brackets; its length may be one of those below. */
export interface Capture {
  start: number
  length: number
}

/** The length of a capture that was not closed. */
export const OPEN = -1
/** The length of a capture of a position. */
export const POSITION = -2

/** Whether the byte at a place is one that an item takes. */
export function takesOne({ text, pattern, step }: Trial, at: number, item: Item): boolean {
  step()
  return at < text.length && matchesOne(text.charCodeAt(at), pattern, item)
}

/** Whether what follows a `%` makes more of it than a class: `%b()`, `%f[set]`, `%1`. */
export function isSpecial(letter: string | undefined): boolean {
  if (letter === 'b' || letter === 'f') return true
  return letter !== undefined && letter >= '0' && letter <= '9'
}

/** Where the text goes on behind such an item; undefined where it does not match. */
export function specialEnd(trial: Trial, at: number, place: number): number | undefined {
  const letter = trial.pattern[place + 1]
  if (letter === 'b') return balanced(trial, at, place)
  if (letter === 'f') return frontier(trial, at, place + 2)
  return again(trial, at, Number(letter))
}

/** Where the pattern goes on behind such an item. */
export function closingOfSpecial(pattern: string, place: number): number {
  const letter = pattern[place + 1]
  if (letter === 'b') return place + 4
  return letter === 'f' ? closingOf(pattern, place + 2) : place + 2
}

/** From a first char to the last one that belongs to it. */
function balanced({ text, pattern, step }: Trial, start: number, place: number) {
  const first = pattern[place + 2]
  const last = pattern[place + 3]
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

/** Nothing of the text, where a set's chars begin. */
function frontier({ text, pattern }: Trial, at: number, place: number): number | undefined {
  if (pattern[place] !== '[') throw new LuaFault("missing '[' after '%f' in pattern")
  const set: Item = { place, after: closingOf(pattern, place) }
  const before = at === 0 ? 0 : text.charCodeAt(at - 1)
  const here = at < text.length ? text.charCodeAt(at) : 0
  return !matchesOne(before, pattern, set) && matchesOne(here, pattern, set) ? at : undefined
}

/** What a capture holds, once more. */
function again({ text, captures }: Trial, at: number, number: number): number | undefined {
  const capture = captures[number - 1]
  if (capture === undefined || capture.length < 0) {
    throw new LuaFault(`invalid capture index %${number}`)
  }
  const part = text.slice(capture.start, capture.start + capture.length)
  return text.startsWith(part, at) ? at + part.length : undefined
}
