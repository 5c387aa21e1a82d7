import { messageOf } from '../message-of.ts'
import {
  type Captures,
  compileRouteRegex,
  lazyRegex,
  RegexError,
  type RouteRegex,
} from '../regex.ts'
import { literalPrefix } from '../regex-literal.ts'
import { parsePcre } from './parse.ts'
import { type Program, programOf } from './program.ts'
import { runProgram, type Spans } from './run.ts'
import { PcreError } from './syntax.ts'

interface PcreOptions {
  /** Where it may match: a path's from the start, a header's anywhere. */
  readonly anchored?: boolean
}

/**
 * Compiles a regex of PCRE's dialect. What has an answer in linear time is run so; what needs
 * look-around, back-references, atomic groups or the like is run step by step, and ends at a bound.
 * Throws a RegexError for what is no such regex.
 */
export function compilePcreRegex(source: string, options: PcreOptions = {}): RouteRegex {
  try {
    return compileRouteRegex(source, options)
  } catch (error) {
    if (!(error instanceof RegexError)) throw error
  }
  try {
    return boundedRegex(source, programOf(parsePcre(source)), options)
  } catch (cause) {
    throw new RegexError(messageOf(cause), { cause })
  }
}

/** Compiles at first use; a broken one, which the Admin API would have refused, matches nothing. */
export function lazyPcreRegex(source: string, options: PcreOptions = {}): RouteRegex {
  return lazyRegex(() => compilePcreRegex(source, options), prefixOf(source, options))
}

/** Why a regex of a route cannot be run in the flavour `traditional`; undefined when it can. */
export function checkPcreRegex(source: string): string | undefined {
  try {
    compilePcreRegex(source)
    return undefined
  } catch (error) {
    if (!(error instanceof RegexError)) return String(error)
    return error.cause instanceof PcreError ? nginxText(error.cause, source) : error.message
  }
}

/** A failure as nginx words those of PCRE2. */
function nginxText({ reason, at }: PcreError, source: string): string {
  const rest = at < source.length ? ` at "${source.slice(at)}"` : ''
  return `pcre2_compile() failed: ${reason} in "${source}"${rest}`
}

function boundedRegex(source: string, program: Program, options: PcreOptions): RouteRegex {
  const { anchored = true } = options
  return {
    engine: 'bounded',
    literalPrefix: prefixOf(source, options),
    test: (text) => runProgram(program, text, anchored) !== undefined,
    exec: (text) => {
      const spans = runProgram(program, text, anchored)
      return spans && capturesOf(program, text, spans)
    },
  }
}

function capturesOf(program: Program, text: string, spans: Spans): Captures {
  const caught = Array.from({ length: program.groups + 1 }, (_, group) => {
    const from = spans[2 * group] ?? -1
    const to = spans[2 * group + 1] ?? -1
    return from < 0 || to < from ? undefined : text.slice(from, to)
  })
  const named: Record<string, string> = Object.create(null)
  for (const [name, group] of program.names) {
    const value = caught[group]
    if (value !== undefined) named[name] = value
  }
  return { named, numbered: caught }
}

// Where a flag, a quote or a comment could change what the first chars mean, none are counted on.
function prefixOf(source: string, { anchored = true }: PcreOptions): string {
  return anchored && !/\(\?(?:#|[\^a-z-]*[ix])|\\[QE]/.test(source) ? literalPrefix(source) : ''
}
