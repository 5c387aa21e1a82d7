import type { HeaderList } from '../lib/header-list.ts'
import { isOwnLack } from '../lib/own-lacks.ts'
import type { Departure } from '../ports/server.ts'
import type { ClientCertificate, Failure, Outgoing, Transport } from '../ports/transport.ts'
import type { Peer } from './algorithm.ts'
import type { Report } from './health.ts'
import { type ActivePlan, reportOf } from './thresholds.ts'

/** What came of a probe. */
export interface Probed {
  /** Undefined for a status in neither list, and where we could not even ask. */
  readonly report: Report | undefined
  /** Undefined without an answer. */
  readonly status: number | undefined
}

/** One active request on its way. */
export interface Probe {
  readonly outcome: Promise<Probed>
  /** Gives up when it takes too long as a whole; each step has a time limit of its own. */
  expire(now: number): void
}

/** Whom to ask, how, and under which name. */
export interface ProbeOptions {
  readonly transport: Transport
  readonly plan: ActivePlan
  readonly peer: Peer
  /** The upstream's `host_header`. */
  readonly hostHeader: string | undefined
  /** The upstream's, for peers that ask who we are. */
  readonly clientCertificate?: ClientCertificate | undefined
  readonly now: number
}

/** Asks a peer how it is. */
export function startProbe(options: ProbeOptions): Probe {
  const { transport, plan, peer, now } = options
  const leaving = createLeaving()
  let expired = false
  const outcome =
    plan.type === 'tcp'
      ? transport.probe(peer.address, peer.port, plan.timeout).then(reportOfConnect)
      : ask(options, leaving).then((said) => (expired ? TIMED_OUT : said))
  return {
    outcome,
    expire(at) {
      if (at - now < 2 * plan.timeout) return
      expired = true
      leaving.leave()
    },
  }
}

const TIMED_OUT: Probed = { report: 'timeout', status: undefined }
const SAYS_NOTHING: Probed = { report: undefined, status: undefined }

async function ask(options: ProbeOptions, leaving: Leaving): Promise<Probed> {
  const { transport, plan } = options
  const result = await transport.send(outgoingOf(options, leaving))
  if (!result.ok) return reportOfFailure(result, plan)
  // The status says all: a body still on its way is left unread.
  if (result.body !== undefined && !(result.body instanceof Uint8Array)) leaving.leave()
  return { report: reportOf(plan, result.status), status: result.status }
}

function outgoingOf(
  { plan, peer, hostHeader, clientCertificate }: ProbeOptions,
  client: Departure,
): Outgoing {
  const host = hostHeader ?? peer.host
  const outgoing: Outgoing = {
    scheme: plan.type === 'https' ? 'https' : 'http',
    host: peer.address,
    port: peer.port,
    method: 'GET',
    target: plan.path,
    headers: headersOf(plan, host),
    body: undefined,
    connectTimeout: plan.timeout,
    writeTimeout: plan.timeout,
    readTimeout: plan.timeout,
    upgrade: false,
    fresh: true,
    client,
  }
  if (plan.type !== 'https') return outgoing
  const serverName = plan.sni ?? host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')
  const own = clientCertificate === undefined ? {} : { clientCertificate }
  return { ...outgoing, tls: { serverName, verify: plan.verify, ...own } }
}

const OURS: readonly string[] = ['connection', 'content-length', 'transfer-encoding']

function headersOf({ headers }: ActivePlan, host: string): HeaderList {
  const custom: HeaderList = []
  let named = false
  for (const [name, values] of Object.entries(headers)) {
    const lower = name.toLowerCase()
    if (OURS.includes(lower)) continue
    named ||= lower === 'host'
    for (const value of values) custom.push(name, value)
  }
  const first = named ? [] : ['Host', host]
  return [...first, ...custom, 'Connection', 'close']
}

function reportOfConnect(failure: Failure | undefined): Probed {
  if (failure === undefined) return { report: 'success', status: undefined }
  if (isOwnLack(failure.code)) return SAYS_NOTHING
  return { report: failure.timeout ? 'timeout' : 'tcp', status: undefined }
}

function reportOfFailure(failure: Failure, plan: ActivePlan): Probed {
  if (failure.timeout) return TIMED_OUT
  if (isOwnLack(failure.code)) return SAYS_NOTHING
  // Kong: an answer that cannot be read has status 0; what the system says has an E- code.
  const unreadable = failure.phase === 'head' && !failure.code.startsWith('E')
  const report = unreadable && !failure.byClient ? reportOf(plan, 0) : 'tcp'
  return { report, status: undefined }
}

interface Leaving extends Departure {
  leave(): void
}

/** Stands for the client that a transport stops working for. */
function createLeaving(): Leaving {
  const listeners: (() => void)[] = []
  let gone = false
  return {
    get gone() {
      return gone
    },
    onGone(listener) {
      listeners.push(listener)
    },
    leave() {
      if (gone) return
      gone = true
      for (const listener of listeners) listener()
    },
  }
}
