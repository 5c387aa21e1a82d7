import { cookieOf } from '../../lib/cookies.ts'
import { type CookieRules, setCookie } from '../../lib/set-cookie.ts'
import type { Exchange } from '../../pdk/exchange.ts'
import { newSessionId, type SessionData } from './data.ts'
import type { SessionStorage } from './storage.ts'
import { dueFor, type TimeLeft, type Timeouts, timeLeft } from './times.ts'

/** One kind of cookie with the sessions behind it; times in seconds. */
export interface SessionKeeper {
  /** The client's own session, unless its time is over. Undefined at once without a cookie. */
  find(exchange: Exchange, now: number): Promise<SessionData | undefined> | undefined
  /** Keeps a new one. */
  start(session: SessionData, now: number): Promise<Kept>
  /** Does what is due now that it is seen: renews it under a new name, or notes that it was seen. */
  refresh(session: SessionData, now: number): Promise<Kept>
  /** Ends it, and says what takes the cookie away. */
  end(session: SessionData): Promise<string>
  left(session: SessionData, now: number): TimeLeft
}

/** A session as it is from now on, and the `Set-Cookie` of it where the cookie changes. */
export interface Kept {
  readonly session: SessionData
  readonly cookie: string | undefined
}

/** What a keeper is made of. */
export interface KeeperOptions {
  readonly name: string
  readonly rules: CookieRules
  readonly storage: SessionStorage
  readonly timeouts: Timeouts
  /** Seconds for which a renewed one's old name is still good. */
  readonly staleFor: number
  /** Whether the browser keeps the cookie when it ends. */
  readonly persistent: boolean
}

/** What browsers keep of a cookie at least, its name and attributes included. */
const LONGEST_COOKIE = 4096

/** Keeps sessions by one kind of cookie. */
export function createKeeper(options: KeeperOptions): SessionKeeper {
  const { name, rules, storage, timeouts, staleFor } = options
  const left: SessionKeeper['left'] = (session, now) => timeLeft(session, timeouts, now)
  const start: SessionKeeper['start'] = async (session, now) => {
    const seconds = left(session, now).all
    const value = await storage.save(session, seconds)
    return { session, cookie: cookieFor(options, value, { maxAge: seconds, now }) }
  }
  return {
    left,
    start,
    find({ request }, now) {
      const cookie = cookieOf(request.headers.all('cookie'), name)
      if (cookie === undefined || cookie === '') return undefined
      return storage.find(cookie).then((session) => {
        const over = session === undefined || (left(session, now).all ?? 1) <= 0
        return over ? undefined : session
      })
    },
    async refresh(before, now) {
      const due = dueFor(before, timeouts, now)
      if (due === undefined || before.stale === true) return { session: before, cookie: undefined }
      const session = { ...before, touched: now }
      if (due === 'touch') {
        const seconds = left(session, now).all
        const value = await storage.touch(session, seconds)
        const life = { maxAge: seconds, now }
        const cookie = value === undefined ? undefined : cookieFor(options, value, life)
        return { session, cookie }
      }
      const kept = await start({ ...session, id: newSessionId(), rolled: now }, now)
      await storage.end(before, staleFor)
      return kept
    },
    async end(session) {
      await storage.end(session, 0)
      return setCookie(name, '', { ...rules, maxAge: 0 })
    },
  }
}

interface CookieLife {
  /** Seconds. */
  readonly maxAge: number | undefined
  readonly now: number
}

function cookieFor(options: KeeperOptions, value: string, life: CookieLife): string {
  const kept = options.persistent ? life : {}
  const cookie = setCookie(options.name, value, { ...options.rules, ...kept })
  if (cookie.length > LONGEST_COOKIE) throw new Error('the session is too long for a cookie')
  return cookie
}
