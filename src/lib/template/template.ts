import type { Evaluate } from './evaluate.ts'
import { parseExpression } from './expression.ts'
import { readTokens, TemplateError, TemplateFault } from './tokens.ts'
import { type Table, textOf } from './value.ts'

/** A text with `$(expressions)` in it, prepared. */
export interface Template {
  /** What it looks at. */
  readonly reads: ReadonlySet<string>
  /** `quote` is what becomes of values, not of the text around them. */
  render(scope: Table, quote?: (value: string) => string): string
}

/**
 * Prepares a template; throws a TemplateError. Expressions are a small part of Lua's: members, texts,
 * numbers, `or`, `and`, `not`, comparisons, `..`, arithmetic, parentheses and `type(…)`. They have no
 * loops and call nothing else, so that whoever writes one can neither stop the gateway nor reach into
 * it: any other call can be written, and fails when it is rendered, as it does in Kong's sandbox.
 */
export function compileTemplate(source: string, names: ReadonlySet<string>): Template {
  const reads = new Set<string>()
  const pieces: (string | Evaluate)[] = []
  let at = 0
  for (;;) {
    const start = source.indexOf('$(', at)
    if (start < 0) break
    if (start > at) pieces.push(source.slice(at, start))
    const { tokens, end } = readTokens(source, start + 2)
    pieces.push(parseExpression(tokens, names))
    for (const { kind, text } of tokens) if (kind === 'name' && names.has(text)) reads.add(text)
    at = end
  }
  if (at < source.length) pieces.push(source.slice(at))
  return { reads, render: renderer(pieces) }
}

/** The same, but a text that is none throws a TemplateFault where it is rendered. */
export function templateOrFault(source: string, names: ReadonlySet<string>): Template {
  try {
    return compileTemplate(source, names)
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    const { message } = error
    return {
      reads: new Set(),
      render() {
        throw new TemplateFault(message)
      },
    }
  }
}

/** Why a text is no template, as text; undefined when it is one. */
export function checkTemplate(source: string, names: ReadonlySet<string>): string | undefined {
  try {
    compileTemplate(source, names)
    return undefined
  } catch (error) {
    if (error instanceof TemplateError) return error.message
    throw error
  }
}

function renderer(pieces: readonly (string | Evaluate)[]): Template['render'] {
  const [only = ''] = pieces
  if (pieces.length < 2 && typeof only === 'string') return () => only
  return (scope, quote) => {
    let text = ''
    for (const piece of pieces) {
      if (typeof piece === 'string') text += piece
      else text += quote === undefined ? textOf(piece(scope)) : quote(textOf(piece(scope)))
    }
    return text
  }
}
