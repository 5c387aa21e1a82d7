import type { Reply } from './resp.ts'

const LENGTHS = new Set(['$', '!', '=', '*', '~', '>', '%', '|'])

/** Whether a line that starts so says how long what follows is. */
export function isLength(mark: string): boolean {
  return LENGTHS.has(mark)
}

/** The value that a line is; undefined for none there is. */
export function readLine(mark: string, text: string): Reply | undefined {
  switch (mark) {
    case '+':
      return text
    case '-':
      return { error: text }
    case ':':
      return /^[-+]?\d{1,19}$/.test(text) ? integerOf(text) : undefined
    case '_':
      return text === '' ? null : undefined
    case '#':
      return text === 't' ? true : text === 'f' ? false : undefined
    case ',':
      return doubleOf(text)
    case '(':
      return /^[-+]?\d+$/.test(text) ? integerOf(text) : undefined
    default:
      return undefined
  }
}

function integerOf(text: string): number | bigint {
  const value = Number(text)
  // BigInt reads no plus sign.
  return Number.isSafeInteger(value) ? value : BigInt(text.replace('+', ''))
}

const WORDS: ReadonlyMap<string, number> = new Map([
  ['inf', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
  ['nan', Number.NaN],
])

function doubleOf(text: string): number | undefined {
  const isNumber = /^[-+]?\d+(\.\d*)?(e[-+]?\d+)?$/i.test(text)
  return isNumber ? Number(text) : WORDS.get(text)
}
