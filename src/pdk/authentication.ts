import type { Exchange } from './exchange.ts'
import { type Exit, refusal } from './exit.ts'
import type { Hooks } from './hooks.ts'
import { anonymousConsumer, type Identity, identify } from './identity.ts'
import type { Kit } from './kit.ts'

/** What came of looking at what a client proves: who it is, or why it may not pass. */
export type Attempt = Identity | Exit

/** What all authentication plugins are configured with. */
export interface AuthenticationConfig {
  /** Who somebody unknown is taken for: a consumer's id or username; nobody may pass as unknown when absent. */
  readonly anonymous?: string | null
  /** Whether a browser's OPTIONS has to prove anything. */
  readonly run_on_preflight?: boolean
}

/**
 * Makes an authentication plugin of one way to prove oneself. Kong: with `anonymous` one of several
 * such plugins is enough, without it each has to be satisfied.
 */
export function authenticating(
  { anonymous, run_on_preflight: preflight = true }: AuthenticationConfig,
  { entities }: Pick<Kit, 'entities'>,
  attempt: (exchange: Exchange) => Attempt | Promise<Attempt>,
): Hooks {
  const optional = typeof anonymous === 'string' && anonymous !== ''
  const settle = (exchange: Exchange, made: Attempt): Exit | undefined => {
    if (!('status' in made)) {
      identify(exchange, made)
      return undefined
    }
    return optional && made.status < 500 ? pass(exchange, anonymous) : made
  }
  const pass = (exchange: Exchange, named: string): Exit | undefined => {
    const consumer = anonymousConsumer(entities, named)
    if (consumer === undefined) {
      return refusal(500, `anonymous consumer ${named} is configured but doesn't exist`)
    }
    identify(exchange, { consumer, credential: undefined, identifier: undefined })
    return undefined
  }
  return {
    access(exchange) {
      if (!preflight && exchange.request.method === 'OPTIONS') return undefined
      if (optional && exchange.client.credential !== undefined) return undefined
      const made = attempt(exchange)
      return made instanceof Promise
        ? made.then((one) => settle(exchange, one))
        : settle(exchange, made)
    },
  }
}
