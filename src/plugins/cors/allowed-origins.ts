import { createBoundedCache } from '../../lib/bounded-cache.ts'
import { lazyRouteRegex, type RouteRegex } from '../../lib/regex.ts'
import { readOrigin } from './origin.ts'

/** Which origins may read an answer, prepared. */
export type AllowedOrigins =
  /** All of them. `told`: the answer depends on whether an origin was sent at all. */
  | { readonly kind: 'all'; readonly told: boolean }
  /** One, told to everybody. */
  | { readonly kind: 'one'; readonly origin: string }
  /** Several; `find` gives what to tell an origin, undefined for nothing. */
  | { readonly kind: 'some'; find(origin: string): string | undefined }

const LITERAL = /^[A-Za-z0-9.:/-]+$/

/** Prepares the origins of a configuration. */
export function allowedOrigins(origins: readonly string[]): AllowedOrigins {
  const [first] = origins
  if (first === undefined) return { kind: 'all', told: false }
  if (origins.includes('*')) return { kind: 'all', told: origins.length > 1 }
  if (origins.length === 1 && LITERAL.test(first)) return { kind: 'one', origin: first }

  const literals = new Set<string>()
  const patterns: Pattern[] = []
  for (const origin of origins) {
    if (LITERAL.test(origin)) literals.add(readOrigin(origin).domain)
    else patterns.push(patternOf(origin))
  }
  const matched = createBoundedCache((text) => match(text, literals, patterns), { entries: 1000 })
  return {
    kind: 'some',
    find: (origin) => (literals.has(origin) ? origin : matched.get(origin)),
  }
}

interface Pattern {
  /** Kong: a pattern without a colon is about the host alone. */
  readonly byHost: boolean
  readonly regex: RouteRegex
}

/** A pattern is about the whole, each of its alternatives too: `a|b` must not let in `a.evil`. */
function patternOf(origin: string): Pattern {
  const bare = origin.replace(/^\^/, '')
  const source = bare.includes('|') ? `(?:${bare})$` : bare.endsWith('$') ? bare : `${bare}$`
  return { byHost: !origin.includes(':'), regex: lazyRouteRegex(source) }
}

function match(
  text: string,
  literals: ReadonlySet<string>,
  patterns: readonly Pattern[],
): string | undefined {
  const { domain, host } = readOrigin(text)
  const allowed =
    literals.has(domain) || patterns.some(({ byHost, regex }) => regex.test(byHost ? host : domain))
  return allowed ? domain : undefined
}
