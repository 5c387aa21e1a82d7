import type { Upstream } from '../entities/upstream.ts'

/** One thing requests can be told apart by. */
export type HashInput =
  | { readonly on: 'none' | 'consumer' | 'ip' | 'path' }
  | { readonly on: 'header' | 'query_arg' | 'uri_capture'; readonly name: string }
  | { readonly on: 'cookie'; readonly name: string; readonly path: string }

/** What an upstream hashes, and what when a request has none of it. */
export interface Hashing {
  readonly input: HashInput
  readonly fallback: HashInput
}

/** What an upstream tells requests apart by; undefined when it does not hash. */
export function hashingOf(upstream: Upstream | undefined): Hashing | undefined {
  if (upstream?.algorithm !== 'consistent-hashing') return undefined
  return { input: inputOf(upstream, 'hash_on'), fallback: inputOf(upstream, 'hash_fallback') }
}

const NONE: HashInput = { on: 'none' }

function inputOf(upstream: Upstream, field: 'hash_on' | 'hash_fallback'): HashInput {
  const on = upstream[field]
  switch (on) {
    case 'consumer':
    case 'ip':
    case 'path':
      return { on }
    case 'cookie': {
      const { hash_on_cookie: name, hash_on_cookie_path: path } = upstream
      return name === null ? NONE : { on, name, path: path ?? '/' }
    }
    case 'header':
    case 'query_arg':
    case 'uri_capture': {
      const name = upstream[`${field}_${on}`]
      // Validation asks for the name; a file of an older release may lack it.
      return name === null ? NONE : { on, name: on === 'header' ? name.toLowerCase() : name }
    }
    default:
      return NONE
  }
}
