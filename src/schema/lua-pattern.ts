/** A Lua pattern made ready to run. */
export interface LuaPattern {
  test(text: string): boolean
}

/** Longest text a pattern that may backtrack is tried on; longer text does not match. */
const BACKTRACKING_LIMIT = 4096

const CLASSES: Readonly<Record<string, string>> = {
  a: 'A-Za-z',
  c: '\\x00-\\x1f\\x7f',
  d: '0-9',
  l: 'a-z',
  p: '!-\\/:-@\\[-`{-~',
  s: '\\t-\\r ',
  u: 'A-Z',
  w: 'A-Za-z0-9',
  x: 'A-Fa-f0-9',
}

const compiled = new Map<string, LuaPattern>()

/** Compiles a Lua pattern of ours, so that what `/schemas` shows is also what runs. */
export function luaPattern(source: string): LuaPattern {
  const known = compiled.get(source)
  if (known !== undefined) return known

  const { text, unbounded } = translate(source)
  const regex = new RegExp(text)
  const pattern: LuaPattern = {
    test: (value) => (unbounded < 2 || value.length <= BACKTRACKING_LIMIT) && regex.test(value),
  }
  compiled.set(source, pattern)
  return pattern
}

/** A Lua pattern as ECMAScript writes it, for readers that know no Lua; undefined where none fits. */
export function regexSourceOf(pattern: string): string | undefined {
  try {
    const { text } = translate(pattern)
    // Readers compile it in Unicode mode, which takes fewer spellings.
    return new RegExp(text, 'u').source
  } catch {
    return undefined
  }
}

function translate(source: string): { text: string; unbounded: number } {
  const start = source.startsWith('^') ? 1 : 0
  let text = start === 1 ? '^' : ''
  let unbounded = 0

  for (let at = start; at < source.length; ) {
    if (source[at] === '$' && at === source.length - 1) {
      text += '$'
      break
    }
    if (source[at] === '(' || source[at] === ')') {
      text += source[at++]
      continue
    }
    const item = source[at] === '[' ? readSet(source, at) : readOne(source, at)
    at = item.end
    text += item.text
    const suffix = { '*': '*', '+': '+', '-': '*?', '?': '?' }[source[at] ?? '']
    if (suffix === undefined) continue
    if (suffix !== '?') unbounded++
    text += suffix
    at++
  }
  return { text, unbounded }
}

interface Item {
  readonly text: string
  readonly end: number
}

/** A character, `.`, or a `%` class. */
function readOne(source: string, at: number): Item {
  const char = source[at] ?? ''
  if (char === '.') return { text: '[\\s\\S]', end: at + 1 }
  if (char !== '%') return { text: quoteMeta(char), end: at + 1 }

  const letter = source[at + 1] ?? ''
  const members = CLASSES[letter.toLowerCase()]
  const negated = letter !== letter.toLowerCase()
  if (members !== undefined) return { text: `[${negated ? '^' : ''}${members}]`, end: at + 2 }
  if (/[A-Za-z0-9]/.test(letter) || letter === '') {
    throw new Error(`Cannot translate the Lua pattern "${source}"`)
  }
  return { text: quoteMeta(letter), end: at + 2 }
}

/** A set in brackets, its own end included; `]` right after the start is a member. */
function readSet(source: string, start: number): Item {
  let at = start + 1
  let text = '['
  if (source[at] === '^') {
    text += '^'
    at++
  }
  for (let first = true; first || source[at] !== ']'; first = false) {
    const char = source[at]
    if (char === undefined) throw new Error(`Cannot translate the Lua pattern "${source}"`)
    if (char === '%') {
      const letter = source[at + 1] ?? ''
      text += CLASSES[letter] ?? quoteInSet(letter)
      at += 2
    } else if (source[at + 1] === '-' && source[at + 2] !== ']' && at + 2 < source.length) {
      text += `${quoteInSet(char)}-${quoteInSet(source[at + 2] ?? '')}`
      at += 3
    } else {
      text += quoteInSet(char)
      at++
    }
  }
  return { text: `${text}]`, end: at + 1 }
}

function quoteMeta(char: string): string {
  return char.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&')
}

function quoteInSet(char: string): string {
  return char.replace(/[\\^\]-]/, '\\$&')
}
