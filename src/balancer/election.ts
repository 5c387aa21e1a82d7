import type { KV } from '../ports/kv.ts'
import type { Runtime } from '../ports/runtime.ts'

/** Who asks the targets of which upstream, agreed on through the KV by all that share it. */
export interface Election {
  /** Looks for who does when it is time, and gives the milliseconds until it is again. */
  poll(upstreamIds: readonly string[], now: number): number
  /** Whether this node is to. */
  probes(upstreamId: string, now: number): boolean
  /** Leaves what it does to others. */
  resign(): Promise<void>
}

/** What an election works with. */
export interface ElectionOptions {
  readonly kv: KV
  readonly runtime: Runtime
  /** Nobody else's. */
  readonly nodeId: string
}

const ALIVE = 'prober:alive:'
const CLAIM = 'prober:claim:'
const OWNER = 'prober:owner:'
const PERIOD = 1_000
/** A node says so often that it lives; one that has not for so long is dead. */
const BEAT = 2_000
const LEASE = 6_000
/** Who has heard of no other's work for so long does it too: once too often is better than never. */
const PATIENCE = 4_000
const LIFETIME = 86_400_000

/**
 * Has one living node for each upstream. A claim is won by the first addition to a counter; the
 * name written last counts, so that two who both believe to have won are one after the next look.
 */
export function createElection(options: ElectionOptions): Election {
  const mine = new Set<string>()
  /** When another was last seen at work. */
  const heardAt = new Map<string, number>()
  const round = createRounds(options, { mine, heardAt })
  let nextAt = 0
  let under: Promise<void> | undefined

  return {
    poll(upstreamIds, now) {
      if (now < nextAt) return nextAt - now
      if (upstreamIds.length + mine.size === 0) return PERIOD
      nextAt = now + PERIOD
      if (under === undefined) {
        forgetOthers(upstreamIds, mine, heardAt)
        under = round(upstreamIds, now)
          // The hints complain of a KV that is away.
          .catch(() => {})
          .finally(() => {
            under = undefined
          })
        options.runtime.background(under)
      }
      return PERIOD
    },
    probes(upstreamId, now) {
      if (mine.has(upstreamId)) return true
      const at = heardAt.get(upstreamId)
      if (at === undefined) heardAt.set(upstreamId, now)
      return at !== undefined && now - at >= PATIENCE
    },
    async resign() {
      nextAt = Number.POSITIVE_INFINITY
      await under
      const { kv, nodeId } = options
      if (mine.size > 0) await kv.delete(ALIVE + nodeId)
      for (const id of mine) await kv.delete(CLAIM + id)
    },
  }
}

interface Known {
  readonly mine: Set<string>
  readonly heardAt: Map<string, number>
}

function createRounds(
  { kv, nodeId }: ElectionOptions,
  { mine, heardAt }: Known,
): (upstreamIds: readonly string[], now: number) => Promise<void> {
  let beatAt = 0
  const beat = async (now: number) => {
    if (now - beatAt < BEAT) return
    await kv.set(ALIVE + nodeId, '', { ttl: LEASE })
    beatAt = now
  }
  /** The sign of life comes first: an owner without one is dead. */
  const claim = async (upstreamId: string) => {
    if ((await kv.increment(CLAIM + upstreamId, 1, { ttl: LEASE })) !== 1) return
    await kv.set(OWNER + upstreamId, nodeId, { ttl: LIFETIME })
    mine.add(upstreamId)
  }

  return async (upstreamIds, now) => {
    const seen = await look(kv)
    const vacant: string[] = []
    for (const id of upstreamIds) {
      const owner = seen.owners.get(id)
      if (owner === nodeId) mine.add(id)
      else mine.delete(id)
      if (owner === undefined || !(owner === nodeId || seen.alive.has(owner))) vacant.push(id)
      else heardAt.set(id, now)
    }
    if (mine.size + vacant.length > 0) await beat(now)
    for (const id of vacant) await claim(id)
  }
}

async function look(kv: KV): Promise<{ alive: Set<string>; owners: Map<string, string> }> {
  const alive = new Set<string>()
  const owners = new Map<string, string>()
  for (const [key, value] of await kv.list('prober:')) {
    if (key.startsWith(ALIVE)) alive.add(key.slice(ALIVE.length))
    else if (key.startsWith(OWNER)) owners.set(key.slice(OWNER.length), value)
  }
  return { alive, owners }
}

function forgetOthers(
  upstreamIds: readonly string[],
  mine: Set<string>,
  heardAt: Map<string, number>,
): void {
  const live = new Set(upstreamIds)
  for (const id of mine) if (!live.has(id)) mine.delete(id)
  for (const id of heardAt.keys()) if (!live.has(id)) heardAt.delete(id)
}
