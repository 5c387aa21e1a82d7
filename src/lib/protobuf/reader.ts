import { ProtoError, readWords, type Word } from './tokens.ts'

/** A place in a .proto file. */
export interface Reader {
  peek(): Word
  next(): Word
  accept(text: string): boolean
  expect(text: string): void
  /** Takes a word of that kind. */
  take(kind: Word['kind']): string
  /** Passes over a statement, blocks in it included. */
  skipStatement(): void
}

/** Starts at the beginning. */
export function createReader(source: string): Reader {
  const words = readWords(source)
  let index = 0
  // Nothing goes past the last word, which is there.
  const peek = (): Word => words[index] as Word
  const next = (): Word => {
    const word = peek()
    if (word.kind !== 'end') index++
    return word
  }
  const accept = (text: string): boolean => {
    const { kind, text: found } = peek()
    if (found !== text || kind === 'string' || kind === 'end') return false
    index++
    return true
  }
  return {
    peek,
    next,
    accept,
    expect(text) {
      if (!accept(text)) throw unexpected(peek())
    },
    take(kind) {
      const word = next()
      if (word.kind !== kind) throw unexpected(word)
      return word.text
    },
    skipStatement: () => skipStatement(next),
  }
}

function skipStatement(next: () => Word): void {
  let depth = 0
  for (;;) {
    const word = next()
    if (word.kind === 'end') throw unexpected(word)
    if (word.kind !== 'sign') continue
    if (word.text === '{' || word.text === '[') depth++
    if (word.text === ']') depth--
    if (word.text === '}' && --depth === 0) return
    if (word.text === ';' && depth === 0) return
  }
}

/** Says that a word should not be there. */
export function unexpected({ text, line }: Word): ProtoError {
  return new ProtoError(`unexpected '${text}' in line ${line}`)
}
