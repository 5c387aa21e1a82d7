import { getServers } from 'node:dns'
import { readFile } from 'node:fs/promises'
import type { MachineNames, Resolver } from '../../src/ports/resolver.ts'
import { createDnsClient } from './dns-client.ts'
import { parseHosts } from './hosts-file.ts'
import { type NameServer, parseResolvConf, parseServer, type ResolvConf } from './resolv-conf.ts'

/** What may be chosen; the defaults are the machine's. */
export interface SystemResolverOptions {
  /** Asked in place of the machine's own. */
  readonly servers?: readonly NameServer[]
  readonly hostsFile?: string
  readonly resolvConf?: string
  /** Milliseconds; resolv.conf's `timeout` wins, but for servers given here. */
  readonly timeout?: number
  readonly attempts?: number
  readonly now?: () => number
}

/** How old what was read from a file may be, in ms: networks change under a running machine. */
const FILES_TTL = 5_000
const TIMEOUT = 2_000
const ATTEMPTS = 2

/** A resolver with its own DNS client, for Node, Bun and Deno. */
export function createSystemResolver(options: SystemResolverOptions = {}): Resolver {
  const { now = Date.now, timeout = TIMEOUT, attempts = ATTEMPTS } = options
  const conf = rereading(options.resolvConf ?? '/etc/resolv.conf', { now, parse: parseResolvConf })
  const hosts = rereading(options.hostsFile ?? '/etc/hosts', { now, parse: parseHosts })
  const query = createDnsClient(async () => {
    if (options.servers !== undefined) return { servers: options.servers, timeout, attempts }
    const said = await conf()
    return {
      servers: serversOf(said),
      timeout: said.timeout ?? timeout,
      attempts: said.attempts ?? attempts,
    }
  })

  return {
    query,
    async machine(): Promise<MachineNames> {
      const [listed, { search, ndots }] = await Promise.all([hosts(), conf()])
      return { hosts: listed, search, ndots }
    },
  }
}

/** Where there is no such file, the runtime may know the servers all the same. */
function serversOf({ servers }: ResolvConf): readonly NameServer[] {
  if (servers.length > 0) return servers
  const known = getServers().flatMap((text) => parseServer(text) ?? [])
  return known.length > 0 ? known : [{ host: '127.0.0.1', port: 53 }]
}

/** Gives a file parsed, and reads it anew when that was long ago; one that is not there is empty. */
function rereading<T>(
  path: string,
  { now, parse }: { readonly now: () => number; readonly parse: (text: string) => T },
): () => Promise<T> {
  let text: string | undefined
  let value: T | undefined
  let readAt = Number.NEGATIVE_INFINITY
  let reading: Promise<T> | undefined

  const read = async (): Promise<T> => {
    readAt = now()
    const fresh = await readFile(path, 'utf8').catch(() => '')
    reading = undefined
    if (value === undefined || fresh !== text) value = parse(fresh)
    text = fresh
    return value
  }
  return async () => {
    if (reading !== undefined) return reading
    if (value !== undefined && Math.abs(now() - readAt) < FILES_TTL) return value
    reading = read()
    return reading
  }
}
