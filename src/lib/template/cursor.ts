import { TemplateError, type Token } from './tokens.ts'

/** A place among words. */
export interface Cursor {
  /** What expressions may look at. */
  readonly names: ReadonlySet<string>
  peek(): Token
  /** Takes a word; the end is never taken. */
  next(): Token
  /** Takes the word if it is one of these, unquoted. */
  accept(...texts: readonly string[]): string | undefined
  expect(text: string): void
  /** Parses something inside of something else. */
  inside<T>(parse: () => T): T
}

/** Deeper ones are nobody's, and would take the parser's stack. */
const DEEPEST = 50

/** Starts before the first word; the last one is of the kind `end`. */
export function createCursor(tokens: readonly Token[], names: ReadonlySet<string>): Cursor {
  let index = 0
  let depth = 0
  // Nothing goes past the last token, which is there.
  const peek = (): Token => tokens[index] as Token
  const next = (): Token => {
    const token = peek()
    if (token.kind !== 'end') index++
    return token
  }
  const accept = (...texts: readonly string[]): string | undefined => {
    const { kind, text } = peek()
    if ((kind !== 'name' && kind !== 'sign') || !texts.includes(text)) return undefined
    return next().text
  }
  return {
    names,
    peek,
    next,
    accept,
    expect(text) {
      if (accept(text) === undefined) throw unexpected(peek())
    },
    inside(parse) {
      if (++depth > DEEPEST) throw new TemplateError('too deep an expression', peek().at)
      const parsed = parse()
      depth--
      return parsed
    },
  }
}

/** Says that a word should not be there. */
export function unexpected({ kind, text, at }: Token): TemplateError {
  return new TemplateError(kind === 'string' ? 'unexpected string' : `unexpected '${text}'`, at)
}
