import { toByteString } from '../../lib/byte-string.ts'
import type { Consumer, Credential, Exchange } from '../../pdk/exchange.ts'
import { type Exit, exitWith } from '../../pdk/exit.ts'
import type { Hooks } from '../../pdk/hooks.ts'
import { authenticatedGroups, identify, setAuthenticatedGroups } from '../../pdk/identity.ts'
import type { Kit } from '../../pdk/kit.ts'
import { newSessionId, type SessionData } from './data.ts'
import { type ShownHeader, showSession } from './headers.ts'
import type { Kept, SessionKeeper } from './keeper.ts'
import { isLogout, type LogoutRules } from './logout.ts'

/** What decides how sessions are used. */
export interface SessionRules extends LogoutRules {
  readonly audience: string
  readonly request_headers: readonly ShownHeader[] | null
  readonly response_headers: readonly ShownHeader[] | null
}

/** The sessions themselves, and those that browsers keep for long; the latter where asked for. */
export interface Keepers {
  readonly sessions: SessionKeeper
  readonly remembered: SessionKeeper | undefined
}

/** What a request brought of each. */
interface Brought {
  readonly session: SessionData | undefined
  readonly remembered: SessionData | undefined
}

/** What becomes of a request's session. */
interface Progress {
  readonly session: SessionData | undefined
  readonly cookies: readonly string[]
}

const AUTHENTICATED_GROUPS = 'X-Authenticated-Groups'

/** What all requests of a configuration are served with. */
interface Serving {
  readonly rules: SessionRules
  readonly keepers: Keepers
  readonly kit: Kit
  /** Where an exchange keeps its progress. */
  readonly progressKey: object
}

/** Takes whoever has a session for its consumer, and starts one for whoever proved to be one. */
export function sessionHooks(rules: SessionRules, keepers: Keepers, kit: Kit): Hooks {
  const serving: Serving = { rules, keepers, kit, progressKey: {} }
  const { sessions, remembered } = keepers
  return {
    access(exchange) {
      // What a client says of its session never passes.
      showSession(exchange.upstream.headers, rules.request_headers, undefined)
      const now = secondsOf(kit)
      const [finding, recalling] = [sessions.find(exchange, now), remembered?.find(exchange, now)]
      if (finding === undefined && recalling === undefined) return undefined
      return Promise.all([finding, recalling]).then(([session, recalled]) =>
        resume(serving, exchange, { session, remembered: recalled }),
      )
    },
    response: (exchange) => respond(serving, exchange),
  }
}

/** Goes on with what a request brought. */
async function resume(
  serving: Serving,
  exchange: Exchange,
  brought: Brought,
): Promise<Exit | undefined> {
  const { rules, keepers, kit, progressKey } = serving
  const known = brought.session ?? brought.remembered
  if (known === undefined) return undefined
  if (await isLogout(exchange, rules, kit.bodyLimit)) {
    const cookies = await endAll(keepers, brought)
    return exitWith(200, { headers: cookies.flatMap((cookie) => ['Set-Cookie', cookie]) })
  }
  const consumer = kit.entities.get('consumers', known.consumer)
  if (consumer === undefined) {
    const cookies = await endAll(keepers, brought)
    exchange.shared.set(progressKey, { session: undefined, cookies } satisfies Progress)
    return undefined
  }
  const progress = await refreshAll(keepers, brought, { known, now: secondsOf(kit), kit })
  exchange.shared.set(progressKey, progress)
  const shown = shownOf(serving, progress.session)
  showSession(exchange.upstream.headers, rules.request_headers, shown)
  admit(exchange, consumer, known)
  return undefined
}

/** Tells the client of its session, or of the one that begins here. */
function respond(serving: Serving, exchange: Exchange): Promise<undefined> | undefined {
  const { keepers, kit, progressKey } = serving
  // What is under this key was put there in `resume`.
  const progress = exchange.shared.get(progressKey) as Progress | undefined
  const { consumer, credential } = exchange.client
  const session = progress?.session
  if (consumer === undefined || credential === undefined || isOf(session, consumer, credential)) {
    return tell(serving, exchange, { session, cookies: progress?.cookies ?? [] })
  }
  const data = dataOf(exchange, { consumer, credential, now: secondsOf(kit) })
  return startAll(keepers, data, kit).then((started) => tell(serving, exchange, started))
}

function tell(serving: Serving, { response }: Exchange, { session, cookies }: Progress): undefined {
  const { headers } = response
  for (const cookie of cookies) headers.add('Set-Cookie', cookie)
  if (session !== undefined) {
    showSession(headers, serving.rules.response_headers, shownOf(serving, session))
  }
}

function shownOf({ rules, keepers, kit }: Serving, session: SessionData | undefined) {
  const { audience } = rules
  return session && { session, audience, left: keepers.sessions.left(session, secondsOf(kit)) }
}

function secondsOf({ runtime }: Kit): number {
  return Math.floor(runtime.now() / 1000)
}

function isOf(
  session: SessionData | undefined,
  consumer: Consumer,
  credential: Credential,
): boolean {
  return session?.consumer === consumer.id && session.credential === credential.id
}

function admit(exchange: Exchange, consumer: Consumer, { credential, groups }: SessionData): void {
  const held = { id: credential, consumer_id: consumer.id }
  identify(exchange, { consumer, credential: held, identifier: credential })
  if (groups === undefined) {
    exchange.upstream.headers.delete(AUTHENTICATED_GROUPS)
    return
  }
  setAuthenticatedGroups(exchange, groups)
  exchange.upstream.headers.set(AUTHENTICATED_GROUPS, toByteString(groups.join(', ')))
}

interface Found {
  readonly consumer: Consumer
  readonly credential: Credential
  readonly now: number
}

function dataOf(exchange: Exchange, { consumer, credential, now }: Found): SessionData {
  const groups = authenticatedGroups(exchange)
  return {
    id: newSessionId(),
    subject: consumer.username ?? consumer.custom_id ?? consumer.id,
    consumer: consumer.id,
    credential: credential.id,
    ...(groups === undefined ? {} : { groups }),
    ...timesAt(now),
  }
}

function timesAt(now: number) {
  return { created: now, rolled: now, touched: now }
}

async function endAll({ sessions, remembered }: Keepers, brought: Brought): Promise<string[]> {
  const ended = [
    brought.session && sessions.end(brought.session),
    brought.remembered && remembered?.end(brought.remembered),
  ]
  const cookies = await Promise.all(ended)
  return cookies.filter((cookie) => cookie !== undefined)
}

/** A session that cannot be kept leaves the request as it is: its client proves itself anew next time. */
async function startAll(keepers: Keepers, session: SessionData, kit: Kit): Promise<Progress> {
  const longer = { ...session, id: newSessionId() }
  return keep(session, kit, () => [
    keepers.sessions.start(session, session.created),
    keepers.remembered?.start(longer, session.created),
  ])
}

interface Refreshing {
  readonly known: SessionData
  readonly now: number
  readonly kit: Kit
}

function refreshAll(
  { sessions, remembered }: Keepers,
  brought: Brought,
  { known, now, kit }: Refreshing,
): Promise<Progress> {
  const { session } = brought
  const fresh = { ...known, id: newSessionId(), ...timesAt(now) }
  return keep(known, kit, () => [
    session === undefined ? sessions.start(fresh, now) : sessions.refresh(session, now),
    brought.remembered && remembered?.refresh(brought.remembered, now),
  ])
}

async function keep(
  session: SessionData,
  { runtime }: Kit,
  work: () => readonly [Promise<Kept>, Promise<Kept> | undefined],
): Promise<Progress> {
  try {
    const [kept, longer] = await Promise.all(work())
    const cookies = [kept.cookie, longer?.cookie].filter((cookie) => cookie !== undefined)
    return { session: kept.session, cookies }
  } catch (error) {
    runtime.log('error', 'Cannot keep a session', { error })
    return { session, cookies: [] }
  }
}
