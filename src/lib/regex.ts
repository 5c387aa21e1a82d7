import { RE2JS } from 're2js'
import { messageOf } from './message-of.ts'
import { CLASS, literalPrefix } from './regex-literal.ts'
import { simplePattern } from './simple-regex.ts'

/** What the groups of a regex path caught. */
export interface Captures {
  /** By name; a group that took no part is absent. Has no prototype. */
  readonly named: Readonly<Record<string, string>>
  /** By number; 0 is all that matched. */
  readonly numbered: readonly (string | undefined)[]
}

/** A compiled regex that answers in linear time, or within a bound of steps, whatever it is asked. */
export interface RouteRegex {
  /** Which engine runs it. */
  readonly engine: 'native' | 're2' | 'bounded'
  /** What every text it matches starts with, as far as that is plain to see. */
  readonly literalPrefix: string
  test(text: string): boolean
  exec(text: string): Captures | undefined
}

/** Where a regex may match: a path's from the start, a header's anywhere. */
export interface RegexOptions {
  readonly anchored?: boolean
}

/** A regex this dialect does not have; the message says why. */
export class RegexError extends Error {
  override readonly name = 'RegexError'
}

/** Compiles a regex of Rust's dialect; throws a RegexError for what has no linear-time answer. */
export function compileRouteRegex(source: string, options: RegexOptions = {}): RouteRegex {
  const { anchored = true } = options
  refuseUnsupported(source)
  // The proof is for a fixed start: a search tries each start in turn.
  const simple = anchored ? simplePattern(source) : undefined
  const compiled = simple === undefined ? compileRe2(source, anchored) : compileNative(simple)
  return { ...compiled, literalPrefix: literalPrefixOf(source, options) }
}

/**
 * Compiles at first use, since most regexes of a big configuration are not asked between two changes.
 * A broken one, which the Admin API would have refused, matches nothing.
 */
export function lazyRouteRegex(source: string, options: RegexOptions = {}): RouteRegex {
  return lazyRegex(() => compileRouteRegex(source, options), literalPrefixOf(source, options))
}

/** Runs `compile` when first asked; what cannot be compiled matches nothing. */
export function lazyRegex(compile: () => RouteRegex, literalPrefix: string): RouteRegex {
  let compiled: RouteRegex | undefined
  const get = (): RouteRegex => {
    compiled ??= compileOrNothing(compile)
    return compiled
  }
  return {
    get engine() {
      return get().engine
    },
    literalPrefix,
    test: (text) => get().test(text),
    exec: (text) => get().exec(text),
  }
}

function literalPrefixOf(source: string, { anchored = true }: RegexOptions): string {
  return anchored ? literalPrefix(source) : ''
}

function compileOrNothing(compile: () => RouteRegex): RouteRegex {
  try {
    return compile()
  } catch {
    return { engine: 'native', literalPrefix: '', test: () => false, exec: () => undefined }
  }
}

type Engine = Omit<RouteRegex, 'literalPrefix'>

// Both engines compile the source bare first: `a)(?:b` would be a whole pattern once wrapped.
function compileNative(pattern: string): Engine {
  orRegexError(() => new RegExp(pattern))
  const regex = new RegExp(`^(?:${pattern})`)
  return {
    engine: 'native',
    test: (text) => regex.test(text),
    exec: (text) => {
      const found = regex.exec(text)
      return found === null ? undefined : capturesOf(found, found.groups)
    },
  }
}

function compileRe2(source: string, anchored: boolean): Engine {
  const bare = orRegexError(() => RE2JS.compile(source))
  const regex = anchored ? orRegexError(() => RE2JS.compile(`^(?:${source})`)) : bare
  const names = Object.entries(regex.namedGroups())
  return {
    engine: 're2',
    test: (text) => regex.test(text),
    exec: (text) => {
      // The test runs on the automaton alone and is several times cheaper than groups.
      const found: (string | undefined)[] | null = regex.test(text) ? regex.exec(text) : null
      if (found === null) return undefined
      return capturesOf(found, Object.fromEntries(names.map(([name, i]) => [name, found[i]])))
    },
  }
}

function capturesOf(
  numbered: readonly (string | undefined)[],
  groups: Readonly<Record<string, string | undefined>> | undefined,
): Captures {
  const named: Record<string, string> = Object.create(null)
  for (const [name, value] of Object.entries(groups ?? {})) {
    if (value !== undefined) named[name] = value
  }
  return { named, numbered: [...numbered] }
}

// An escape, a class or a group's opening: what must be skipped or judged as one.
const PIECES = new RegExp(String.raw`\\(?:[1-9]|k[<{']|.)|${CLASS}|\(\?(?:<?[=!]|P=)`, 'gs')

/** Says why in words of its own: re2js names these constructs by their position only. */
function refuseUnsupported(source: string): void {
  for (const [piece] of source.matchAll(PIECES)) {
    if (/^\\(?:[1-9]|k)|^\(\?P=/.test(piece))
      throw new RegexError('backreferences are not supported')
    if (/^\(\?<?[=!]/.test(piece)) {
      throw new RegexError('look-around, including look-ahead and look-behind, is not supported')
    }
  }
}

function orRegexError<T>(compile: () => T): T {
  try {
    return compile()
  } catch (cause) {
    const message = messageOf(cause)
    throw new RegexError(message.replace(/^error parsing regexp: /, ''), { cause })
  }
}
