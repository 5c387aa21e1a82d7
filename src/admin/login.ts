import { cookieOf } from '../lib/cookies.ts'
import type { Runtime } from '../ports/runtime.ts'
import { isObject } from '../schema/field.ts'
import { type BrowserRules, isManagerRequest } from './browser.ts'
import { createFailures } from './failures.ts'
import { createSeals, LOGIN_SECONDS } from './login-seal.ts'
import { createSecret } from './login-secret.ts'
import { json, message, NO_CONTENT, type Reply } from './reply.ts'

/** The Manager's way in: the token once, then a cookie no script can read. */
export interface Login {
  /** Whether the request comes from the Manager, and brings a session that holds. */
  holds(request: Request): Promise<boolean>
  /** Answers `/manager/session`. */
  answer(request: Request, address: string): Promise<Reply>
}

/** Wrong tokens an address may type in a minute. */
const ATTEMPTS = 5

/** Bytes of a login's body that are looked at. */
const LARGEST = 8192

/** What a login goes by. */
interface Guard {
  readonly rules: BrowserRules
  readonly runtime: Pick<Runtime, 'now' | 'log'>
  readonly seals: ReturnType<typeof createSeals>
  readonly secret: ReturnType<typeof createSecret>
  readonly failures: ReturnType<typeof createFailures>
}

/** A login for a token; of each process its own count of failures. */
export function createLogin(
  token: string,
  { rules, runtime }: Pick<Guard, 'rules' | 'runtime'>,
): Login {
  const [seals, secret] = [createSeals(token), createSecret(token)]
  const guard: Guard = { rules, runtime, seals, secret, failures: createFailures(ATTEMPTS) }
  return {
    holds: (request) => holds(guard, request),
    async answer(request, address) {
      switch (request.method) {
        case 'GET':
        case 'HEAD':
          return json({ required: true, active: await holds(guard, request) })
        case 'POST':
          return logIn(guard, request, address)
        case 'DELETE':
          return logOut(guard, request)
        default:
          return sessionManners(request)
      }
    },
  }
}

async function holds({ rules, runtime, seals }: Guard, request: Request): Promise<boolean> {
  const session = sessionOf(request)
  if (session === undefined || !isManagerRequest(request, rules)) return false
  return seals.holds(session, runtime.now())
}

async function logOut({ rules, runtime, seals }: Guard, request: Request): Promise<Reply> {
  const session = sessionOf(request)
  const ours = session !== undefined && isManagerRequest(request, rules)
  if (ours) await seals.end(session, runtime.now())
  return { ...NO_CONTENT, headers: cookie(request, '', 0) }
}

async function logIn(guard: Guard, request: Request, address: string): Promise<Reply> {
  const { runtime, seals, secret, failures } = guard
  const given = await tokenIn(request)
  const right = given !== undefined && (await secret.matches(given))
  // Asked after all that takes time: of many at once no more than those few are looked at.
  const now = runtime.now()
  const wait = failures.waitFor(address, now)
  if (wait > 0) return tooMany(wait)
  if (right)
    return { ...NO_CONTENT, headers: cookie(request, await seals.seal(now), LOGIN_SECONDS) }
  if (failures.add(address, now)) {
    const from = address === '' ? {} : { address }
    runtime.log('warn', 'Refused a login to the Manager with a wrong token', from)
  }
  return message(401, 'Unauthorized')
}

/** What `/manager/session` says where nobody is asked for a token. */
export function answerWithoutLogin(request: Request): Reply {
  const asks = request.method === 'GET' || request.method === 'HEAD'
  return asks ? json({ required: false, active: false }) : sessionManners(request)
}

function sessionManners({ method }: Request): Reply {
  const allow = 'GET, HEAD, OPTIONS, POST, DELETE'
  if (method !== 'OPTIONS') return message(405, 'Method not allowed')
  return { ...NO_CONTENT, headers: { Allow: allow, 'Access-Control-Allow-Methods': allow } }
}

function tooMany(waitMs: number): Reply {
  const headers = { 'Retry-After': String(Math.ceil(waitMs / 1000)) }
  return { ...message(429, 'Too many wrong tokens, try again later'), headers }
}

async function tokenIn(request: Request): Promise<string | undefined> {
  const length = Number(request.headers.get('content-length') ?? 0)
  if (length > LARGEST) return undefined
  try {
    const body: unknown = JSON.parse(await request.text())
    return isObject(body) && typeof body.token === 'string' ? body.token : undefined
  } catch {
    return undefined
  }
}

/** Cookies know no ports: gateways side by side on one host must not take each other's away. */
function cookieName(request: Request): string {
  const { port } = new URL(request.url)
  return port === '' ? 'gibbon_manager' : `gibbon_manager_${port}`
}

function sessionOf(request: Request): string | undefined {
  return cookieOf([request.headers.get('cookie') ?? ''], cookieName(request))
}

function cookie(request: Request, value: string, seconds: number): Record<string, string> {
  const secure = new URL(request.url).protocol === 'https:' ? '; Secure' : ''
  const fixed = `Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure}`
  return { 'Set-Cookie': `${cookieName(request)}=${value}; ${fixed}`, 'Cache-Control': 'no-store' }
}
