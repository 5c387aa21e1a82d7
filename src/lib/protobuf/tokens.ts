/** A .proto file that cannot be read, or says what is not there. */
export class ProtoError extends Error {
  override readonly name = 'ProtoError'
}

/** A word of a .proto file. */
export interface Word {
  readonly kind: 'name' | 'string' | 'number' | 'sign' | 'end'
  readonly text: string
  readonly line: number
}

const SKIPPED = /(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/y
const NAME = /\.?[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*/y
const NUMBER = /-?(?:0[xX][\da-fA-F]+|\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)/y
const STRING = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/y
const SIGN = /[{}[\]()<>=;:,/-]/y

const KINDS = [
  ['name', NAME],
  ['number', NUMBER],
  ['string', STRING],
  ['sign', SIGN],
] as const

/** Reads all words; the last is of the kind `end`. */
export function readWords(source: string): readonly Word[] {
  const words: Word[] = []
  let line = 1
  let at = 0
  const advance = (text: string): void => {
    at += text.length
    for (const char of text) if (char === '\n') line++
  }
  for (;;) {
    advance(taken(SKIPPED, source, at) ?? '')
    if (at >= source.length) break
    const word = readWord(source, at)
    if (word === undefined) throw new ProtoError(`unexpected '${source[at]}' in line ${line}`)
    words.push({
      kind: word.kind,
      text: word.kind === 'string' ? unquoted(word.raw) : word.raw,
      line,
    })
    advance(word.raw)
  }
  words.push({ kind: 'end', text: 'end of file', line })
  return words
}

function readWord(source: string, at: number): { kind: Word['kind']; raw: string } | undefined {
  for (const [kind, pattern] of KINDS) {
    const raw = taken(pattern, source, at)
    if (raw !== undefined) return { kind, raw }
  }
  return undefined
}

function taken(pattern: RegExp, source: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(source)?.[0]
}

function unquoted(raw: string): string {
  return raw.slice(1, -1).replace(/\\(.)/g, '$1')
}
