import type { Balancers } from '../balancer/balancers.ts'
import type { Hashing } from '../balancer/hashing.ts'
import type { AbsentTarget, BalancerLook, Obstacle, PeerLook } from '../balancer/look.ts'
import { fromByteString } from '../lib/byte-string.ts'
import type { ClientRequest } from '../ports/server.ts'
import type { CompiledService } from '../snapshot/compiled.ts'
import { type Asked, hashKeyOf } from './hash-input.ts'
import { upstreamHost } from './outgoing.ts'
import { isIdempotent } from './retry.ts'

/** What is asked of balancers here. */
export type Lookout = Pick<Balancers, 'look' | 'find'>

/** Who would get the request, and why the others not. Times on the wire are seconds. */
export interface ExplainedTarget {
  /** Null for a service whose host is no upstream's name. */
  readonly upstream: { readonly id: string; readonly name: string } | null
  readonly algorithm: string | null
  readonly hash: ExplainedHash | null
  /** `host:port`; null when there is nobody, or it cannot be told. */
  readonly chosen: string | null
  readonly reason: string
  readonly targets: readonly ExplainedPeer[]
}

interface ExplainedHash {
  readonly on: string
  readonly fallback: string
  /** Null when it is a cookie that is yet to be made. */
  readonly key: string | null
}

interface ExplainedPeer {
  readonly address: string
  readonly target: { readonly id: string }
  readonly weight: number
  readonly in_flight: number
  readonly latency_ms: number | null
  readonly state: 'chosen' | 'available' | 'skipped'
  readonly reason?: string
}

/** The target of a request, and what follows from it. */
export interface FoundTarget {
  readonly shown: ExplainedTarget
  /** The Host header for it; null when it cannot be told. */
  readonly host: string | null
  readonly nobody: boolean
}

/** Looks at the balancer of a service, and changes nothing. */
export function explainTarget(
  balancers: Lookout,
  service: CompiledService,
  sources: { readonly request: ClientRequest; readonly asked: Asked },
): FoundTarget {
  const balancer = balancers.find(service.host)
  const upstream = balancer?.upstream
  if (balancer === undefined || upstream === undefined) return alone(service)

  const hash = balancer.hashing && explainHash(balancer.hashing, sources)
  const trial = service.attempts > 1 && isIdempotent(sources.request.method)
  const look = balancers.look(service.host, { trial, key: hash?.bytes })
  if (look === undefined) return alone(service)
  const isOpen = hash?.shown.key === null && look.next?.by === 'algorithm'
  const next = isOpen ? undefined : look.next
  const peer = look.peers.find((one) => one.peer === next?.peer)
  const name = upstream.host_header ?? peer?.host
  return {
    nobody: look.next === undefined && !isUnasked(look),
    host: peer && name !== undefined ? upstreamHost(service, name, peer.port) : null,
    shown: {
      upstream: { id: upstream.id, name: upstream.name },
      algorithm: upstream.algorithm ?? 'round-robin',
      hash: hash?.shown ?? null,
      chosen: next?.peer ?? null,
      reason: isOpen ? 'the cookie decides that is made for this client' : choiceText(look),
      targets: [
        ...look.peers.map((one) => shownPeer(one, { chosen: next?.peer, look })),
        ...look.absent.map(shownAbsent),
      ],
    },
  }
}

function explainHash(
  hashing: Hashing,
  { request, asked }: { readonly request: ClientRequest; readonly asked: Asked },
): { readonly shown: ExplainedHash; readonly bytes: string } {
  let isMade = false
  const newId = () => {
    isMade = true
    return ''
  }
  const { key: bytes } = hashKeyOf(hashing, { request, asked, newId })
  const key = isMade ? null : fromByteString(bytes)
  return { bytes, shown: { on: hashing.input.on, fallback: hashing.fallback.on, key } }
}

function alone(service: CompiledService): FoundTarget {
  const { host, port } = service
  const reason = "the service's own host, which is no upstream"
  const chosen = `${host}:${port}`
  return {
    nobody: false,
    host: upstreamHost(service, host, port),
    shown: { upstream: null, algorithm: null, hash: null, chosen, reason, targets: [] },
  }
}

/** Whether a request would have to wait until it is known where any target is. */
function isUnasked({ peers, absent }: BalancerLook): boolean {
  return peers.length === 0 && absent.some(({ failure }) => failure === 'timeout')
}

function shownAbsent({ source, failure }: AbsentTarget): ExplainedPeer {
  const reason =
    failure === undefined
      ? 'no place of its name has weight'
      : `no address of its name is known: ${failure}`
  return {
    address: source.target,
    target: { id: source.id },
    weight: source.weight ?? 100,
    in_flight: 0,
    latency_ms: null,
    state: 'skipped',
    reason,
  }
}

function choiceText(look: BalancerLook): string {
  const { serving, next, peers, absent } = look
  if (next === undefined) {
    if (isUnasked(look)) return 'no address is known yet: a request waits for the lookup'
    if (peers.length === 0 && absent.length > 0) return 'no name has an address'
    if (peers.length === 0) return 'there is no target'
    return serving ? 'there is nobody left' : 'too little of the weight is healthy: 503'
  }
  switch (next.by) {
    case 'trial':
      return 'is out, and due for a request on trial'
    case 'least recently failed':
      return 'all are set aside, and this one failed longest ago'
    case 'algorithm':
      return 'by the algorithm, among those available'
  }
}

function shownPeer(
  { peer, target, weight, inFlight, ewma, obstacle }: PeerLook,
  { chosen, look }: { readonly chosen: string | undefined; readonly look: BalancerLook },
): ExplainedPeer {
  const figures = { weight, in_flight: inFlight, latency_ms: ewma ?? null }
  const shown = { address: peer, target: { id: target }, ...figures }
  const reason = obstacle && obstacleText(obstacle)
  const why = reason === undefined ? {} : { reason }
  if (peer === chosen) return { ...shown, state: 'chosen', ...why }
  if (reason !== undefined) return { ...shown, state: 'skipped', reason }
  if (look.serving) return { ...shown, state: 'available' }
  return { ...shown, state: 'skipped', reason: 'too little of the whole is healthy' }
}

function obstacleText(obstacle: Obstacle): string {
  switch (obstacle.kind) {
    case 'weight':
      return 'weight 0'
    case 'aside':
      return (
        `set aside from ${moment(obstacle.since)} to ${moment(obstacle.until)}, ` +
        'as it could not be connected to'
      )
    case 'unhealthy': {
      const since = obstacle.since === undefined ? '' : ` since ${moment(obstacle.since)}`
      const reason = obstacle.reason === undefined ? '' : ` (${obstacle.reason})`
      const { trialAt } = obstacle
      const trial = trialAt === undefined ? '' : `, on trial at ${moment(trialAt)}`
      return `unhealthy${since}${reason}${trial}`
    }
  }
}

function moment(time: number): string {
  return new Date(time).toISOString()
}
