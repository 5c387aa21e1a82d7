import { encodeQuery } from '../../src/dns/message.ts'
import type { Answer, RecordType } from '../../src/ports/resolver.ts'
import { exchange } from './exchange.ts'
import type { NameServer } from './resolv-conf.ts'

/** Whom to ask, and how patiently. */
export interface Servers {
  readonly servers: readonly NameServer[]
  /** Milliseconds for each question. */
  readonly timeout: number
  /** How often a server that keeps silent is asked. */
  readonly attempts: number
}

/** Asks name servers one after the other; `servers` is asked for them at each query. */
export function createDnsClient(
  servers: () => Promise<Servers>,
): (name: string, type: RecordType) => Promise<Answer> {
  // Whoever answered last is asked first: one that is away costs its timeout once, not always.
  let preferred: string | undefined

  return async (name, type) => {
    if (encodeQuery({ id: 0, name, type }) === undefined) return { ok: false, reason: 'nxdomain' }
    const { servers: all, timeout, attempts } = await servers()
    let silent = preferredFirst(all, preferred)
    let failure: Answer = { ok: false, reason: 'timeout' }
    for (let attempt = 0; attempt < attempts && silent.length > 0; attempt++) {
      const asked = silent
      const still: NameServer[] = []
      for (const server of asked) {
        const query = { id: randomId(), name, type }
        const answer = await exchange({ server, query, timeout })
        if (answer.ok || answer.reason === 'nxdomain' || answer.reason === 'empty') {
          preferred = idOf(server)
          return answer
        }
        // Who spoke, if only to decline, would say the same again.
        if (answer.reason === 'timeout') still.push(server)
        else failure = answer
      }
      silent = still
    }
    return failure
  }
}

function preferredFirst(
  servers: readonly NameServer[],
  preferred: string | undefined,
): readonly NameServer[] {
  const first = servers.filter((server) => idOf(server) === preferred)
  return [...first, ...servers.filter((server) => idOf(server) !== preferred)]
}

function idOf({ host, port }: NameServer): string {
  return `${host} ${port}`
}

function randomId(): number {
  return crypto.getRandomValues(new Uint16Array(1))[0] ?? 0
}
