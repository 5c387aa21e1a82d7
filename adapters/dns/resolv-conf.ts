import { isIP } from 'node:net'

/** A name server's address. */
export interface NameServer {
  /** IPv6 without brackets. */
  readonly host: string
  readonly port: number
}

/** What a resolv.conf says. */
export interface ResolvConf {
  readonly servers: readonly NameServer[]
  readonly search: readonly string[]
  readonly ndots: number
  /** Milliseconds a server gets for an answer; undefined when it is not said. */
  readonly timeout: number | undefined
  /** How often each server is asked; undefined when it is not said. */
  readonly attempts: number | undefined
}

const PORT = 53
const MOST_SERVERS = 8
const MOST_DOMAINS = 16

/** Reads a resolv.conf; what cannot be understood is passed over, as the system does. */
export function parseResolvConf(text: string): ResolvConf {
  const servers: NameServer[] = []
  const options = new Map<string, number>()
  let search: readonly string[] = []
  for (const line of text.split('\n')) {
    const [key, ...values] = wordsOf(line)
    if (key === 'nameserver') {
      const server = parseServer(values[0] ?? '')
      if (server !== undefined && servers.length < MOST_SERVERS) servers.push(server)
    }
    // Either replaces whatever came before.
    if (key === 'search') search = domainsOf(values)
    if (key === 'domain') search = domainsOf(values.slice(0, 1))
    if (key === 'options') for (const option of values) readOption(options, option)
  }
  const timeout = options.get('timeout')
  return {
    servers,
    search: search.slice(0, MOST_DOMAINS),
    ndots: Math.min(options.get('ndots') ?? 1, 15),
    // Kong: 0 says nothing.
    timeout: timeout === undefined || timeout === 0 ? undefined : Math.min(timeout, 30) * 1000,
    attempts: atLeastOne(options.get('attempts')),
  }
}

/** Reads `address`, `address:port` or `[address]:port`; undefined when it is none of them. */
export function parseServer(text: string): NameServer | undefined {
  const [, bracketed, plain, digits] = /^(?:\[(.+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text) ?? []
  const host = bracketed ?? plain ?? text
  const port = digits === undefined ? PORT : Number(digits)
  if (isIP(host) === 0 || port < 1 || port > 65_535) return undefined
  return { host: UNSPECIFIED.get(host) ?? host, port }
}

/** Where nowhere in particular is this machine. */
const UNSPECIFIED: ReadonlyMap<string, string> = new Map([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '::1'],
])

/** Reads a list of name servers as the setting `dns_resolver` has it; throws at what is none. */
export function parseServers(text: string): NameServer[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
    .map((item) => {
      const server = parseServer(item)
      if (server === undefined) throw new Error(`Cannot read the name server "${item}"`)
      return server
    })
}

function wordsOf(line: string): string[] {
  const [said = ''] = line.split(/[#;]/, 1)
  return said.trim().split(/\s+/)
}

/** The root is left out: a name is looked for there anyway. */
function domainsOf(values: readonly string[]): string[] {
  return values
    .map((text) => text.toLowerCase().replace(/^\.|\.$/g, ''))
    .filter((one) => one !== '')
}

function readOption(options: Map<string, number>, option: string): void {
  const [, name, digits] = /^(ndots|timeout|attempts):(\d{1,4})$/.exec(option) ?? []
  if (name !== undefined) options.set(name, Number(digits))
}

function atLeastOne(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.min(Math.max(value, 1), 5)
}
