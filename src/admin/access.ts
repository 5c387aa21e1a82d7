import type { Runtime } from '../ports/runtime.ts'
import type { Settings } from '../settings/settings.ts'
import { type BrowserRules, browserRules, isPreflight, refusalFor } from './browser.ts'
import { createFailures, type Failures } from './failures.ts'
import { message, type Reply } from './reply.ts'

/** Who asks, as far as the server knows. */
export interface Caller {
  /** The peer's address; absent or empty where nobody knows it. */
  readonly address?: string
  /** Came over a listener that asks nobody, such as the status listener's. */
  readonly trusted?: boolean
}

/** Who may use the Admin API. */
export interface Access {
  readonly rules: BrowserRules
  /** The answer to a request that may not go on; undefined when it may. */
  refuse(request: Request, caller: Caller): Promise<Reply | undefined>
}

/** Guards the Admin API: pages of other sites, names that were rebound, and whoever lacks the token. */
export function createAccess(options: {
  readonly settings: Settings
  readonly runtime: Pick<Runtime, 'now' | 'log'>
}): Access {
  const { settings, runtime } = options
  const rules = browserRules(settings)
  const { adminToken } = settings
  const gate = adminToken === undefined ? undefined : createGate(adminToken, runtime)
  return {
    rules,
    async refuse(request, { address = '', trusted }) {
      if (trusted === true) return undefined
      const refused = refusalFor(request, rules)
      if (refused !== undefined) return message(403, refused)
      if (gate === undefined || isPreflight(request, rules)) return undefined
      return gate(request.headers, address)
    },
  }
}

type Gate = (headers: Headers, address: string) => Promise<Reply | undefined>

function createGate(token: string, runtime: Pick<Runtime, 'now' | 'log'>): Gate {
  const failures = createFailures()
  const wanted = digestOf(token)
  return async (headers, address) => {
    // The door stays shut even for the right token, or guessing would go on behind it.
    const wait = failures.waitFor(address, runtime.now())
    if (wait > 0) return TOO_MANY(wait)
    const given = tokenIn(headers)
    if (given === undefined) return UNAUTHORIZED
    if (isSame(await wanted, await digestOf(given))) return undefined
    tell(failures, address, runtime)
    return UNAUTHORIZED
  }
}

/** A log line for each failure, until there are too many of them. */
function tell(failures: Failures, address: string, runtime: Pick<Runtime, 'now' | 'log'>): void {
  if (!failures.add(address, runtime.now())) return
  const from = address === '' ? {} : { address }
  runtime.log('warn', 'Refused an Admin API request with a wrong token', from)
}

const UNAUTHORIZED: Reply = {
  ...message(401, 'Unauthorized'),
  headers: { 'WWW-Authenticate': 'Bearer' },
}

const TOO_MANY = (waitMs: number): Reply => ({
  ...message(429, 'Too many wrong tokens, try again later'),
  headers: { 'Retry-After': String(Math.ceil(waitMs / 1000)) },
})

/** What the request brings as its token; undefined for one that brings none. */
function tokenIn(headers: Headers): string | undefined {
  const own = headers.get('kong-admin-token')
  if (own !== null) return own
  return /^bearer +(\S+) *$/i.exec(headers.get('authorization') ?? '')?.[1]
}

async function digestOf(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
}

/** Reads every byte of both digests: how long it takes tells nothing about the token. */
function isSame(wanted: Uint8Array, given: Uint8Array): boolean {
  return wanted.reduce((different, byte, at) => different | (byte ^ (given[at] ?? 0)), 0) === 0
}
