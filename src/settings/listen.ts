import { expandIpv6, isIpv4, isIpv6 } from '../lib/ip.ts'

/** One address to listen on. */
export interface Listen {
  readonly host: string
  readonly port: number
  /** A socket in the file system, instead of host and port. */
  readonly path?: string
  readonly ssl: boolean
  readonly http2: boolean
  /** Each connection begins with a PROXY protocol header. */
  readonly proxyProtocol: boolean
  readonly backlog?: number
  /** Datagrams, not connections. */
  readonly udp?: true
  /** Of an IPv6 address: IPv4 comes in there too, which nginx does only when told to. */
  readonly dualStack?: true
}

/** Whether only this machine can reach what listens there: an address, a name or `unix:`. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase()
  if (name === 'localhost' || name.startsWith('unix:')) return true
  return isIpv6(name) ? expandIpv6(name) === LOOPBACK_V6 : name.startsWith('127.') && isIpv4(name)
}

const LOOPBACK_V6 = expandIpv6('::1')

/** What a listen setting came to; `errors` say what to change. */
export interface Listens {
  readonly listens: readonly Listen[]
  readonly errors: readonly string[]
}

/** Socket options of nginx that make no difference to one process. */
const WITHOUT_EFFECT = /^(?:reuseport|deferred|bind|so_keepalive=(?:on|off|\w*:\w*:\d*))$/

/** Reads Kong's listen lists: `addr:port [ssl] [http2] …, unix:/path, …` or `off`. */
export function parseListens(name: string, text: string, read = parseListen): Listens {
  const parts = text.split(',').map((part) => part.trim())
  // Kong: `off` anywhere turns all of them off.
  if (parts.includes('off')) return { listens: [], errors: [] }

  const listens: Listen[] = []
  const errors: string[] = []
  for (const part of parts) {
    const listen = read(part)
    if (typeof listen === 'string') errors.push(`${name}: ${listen}`)
    else listens.push(listen)
  }
  return { listens, errors }
}

/** Reads `stream_listen`: no HTTP, but `udp`. */
export function parseStreamListens(name: string, text: string): Listens {
  return parseListens(name, text, parseStreamListen)
}

function parseStreamListen(text: string): Listen | string {
  const [address = '', ...options] = text.split(/\s+/)
  const listen = parseListen([address, ...options.filter((one) => one !== 'udp')].join(' '))
  if (typeof listen === 'string') return listen
  if (listen.http2) return `"http2" of "${text}" is not supported, leave it out`
  if (listen.ssl && listen.path !== undefined) return `ssl in "${text}" goes with no path`
  if (!options.includes('udp')) return listen
  if (!listen.ssl && !listen.proxyProtocol && listen.path === undefined) {
    return { ...listen, udp: true }
  }
  return `udp in "${text}" goes with neither ssl, proxy_protocol nor a path`
}

function parseListen(text: string): Listen | string {
  const [address = '', ...options] = text.split(/\s+/)
  const place = parsePlace(address)
  if (place === undefined) {
    return `cannot read "${text}", write address:port such as 127.0.0.1:8000`
  }

  let ssl = false
  let http2 = false
  let proxyProtocol = false
  let dualStack = false
  let backlog: number | undefined
  for (const option of options) {
    const size = /^backlog=(\d+)$/.exec(option)?.[1]
    if (option === 'ssl') ssl = true
    else if (option === 'http2') http2 = true
    else if (option === 'proxy_protocol') proxyProtocol = true
    else if (size !== undefined) backlog = Number(size)
    else if (/^ipv6only=o(?:n|ff)$/.test(option)) dualStack = option === 'ipv6only=off'
    else if (!WITHOUT_EFFECT.test(option)) {
      return `"${option}" of "${text}" is not supported, leave it out`
    }
  }
  // Clients there have no address, and are told apart by what their peers say.
  if (proxyProtocol && place.path !== undefined) {
    return `proxy_protocol in "${text}" goes with no path, only with address:port`
  }
  return {
    ...place,
    ssl,
    http2,
    proxyProtocol,
    ...(backlog === undefined ? {} : { backlog }),
    ...(dualStack ? { dualStack } : {}),
  }
}

function parsePlace(address: string): Pick<Listen, 'host' | 'port' | 'path'> | undefined {
  const path = /^unix:(\/.+)$/.exec(address)?.[1]
  if (path !== undefined) return { host: '', port: 0, path }

  const at = address.lastIndexOf(':')
  const host = address.slice(0, at).replace(/^\[(.*)\]$/, '$1')
  const port = Number(address.slice(at + 1))
  if (at <= 0 || !/^\d+$/.test(address.slice(at + 1)) || port > 65535) return undefined
  return { host, port }
}

/** The address as a URL shows it; `scheme` is that of HTTP unless said. */
export function urlOf(listen: Listen, scheme = listen.ssl ? 'https' : 'http'): string {
  if (listen.path !== undefined) return `unix:${listen.path}`
  const host = listen.host === '0.0.0.0' || listen.host === '::' ? 'localhost' : listen.host
  const shown = host.includes(':') ? `[${host}]` : host
  return `${scheme}://${shown}:${listen.port}`
}
