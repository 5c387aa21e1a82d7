import type { Runtime } from '../ports/runtime.ts'
import type { Settings } from '../settings/settings.ts'
import { type BrowserRules, browserRules, isPreflight, refusalFor } from './browser.ts'
import { createFailures, type Failures } from './failures.ts'
import { createLogin, type Login } from './login.ts'
import { createSecret } from './login-secret.ts'
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
  /** The Manager's way in; undefined where nobody is asked for a token. */
  readonly login: Login | undefined
  /** The answer to a page that may not ask at all. */
  refuseBrowser(request: Request, caller: Caller): Reply | undefined
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
  const login = adminToken === undefined ? undefined : createLogin(adminToken, { rules, runtime })
  const gate = adminToken === undefined ? undefined : createGate(adminToken, runtime)
  const refuseBrowser = (request: Request, { trusted }: Caller): Reply | undefined => {
    const reason = trusted === true ? undefined : refusalFor(request, rules)
    return reason === undefined ? undefined : message(403, reason)
  }
  return {
    rules,
    login,
    refuseBrowser,
    async refuse(request, caller) {
      const { address = '', trusted } = caller
      if (trusted === true) return undefined
      const refused = refuseBrowser(request, caller)
      if (refused !== undefined) return refused
      if (gate === undefined || isPreflight(request, rules)) return undefined
      // Sealed by the token: nobody guesses it, so that failures of others do not count.
      if (!bringsToken(request.headers) && (await login?.holds(request)) === true) return undefined
      return gate(request.headers, address)
    },
  }
}

type Gate = (headers: Headers, address: string) => Promise<Reply | undefined>

function createGate(token: string, runtime: Pick<Runtime, 'now' | 'log'>): Gate {
  const failures = createFailures()
  const secret = createSecret(token)
  return async (headers, address) => {
    // The door stays shut even for the right token, or guessing would go on behind it.
    const wait = failures.waitFor(address, runtime.now())
    if (wait > 0) return TOO_MANY(wait)
    const given = tokenIn(headers)
    if (given === undefined) return UNAUTHORIZED
    if (await secret.matches(given)) return undefined
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

function bringsToken(headers: Headers): boolean {
  return tokenIn(headers) !== undefined
}

/** What the request brings as its token; undefined for one that brings none. */
function tokenIn(headers: Headers): string | undefined {
  const own = headers.get('kong-admin-token')
  if (own !== null) return own
  return /^bearer +(\S+) *$/i.exec(headers.get('authorization') ?? '')?.[1]
}
