import type { Session, SessionRecord } from '../../pdk/session.ts'

type Read = (session: Session) => string | undefined

const VARIABLES: Readonly<Record<string, Read>> = {
  protocol: ({ protocol }) => (protocol === 'udp' ? 'UDP' : 'TCP'),
  remote_addr: ({ client }) => client.ip,
  realip_remote_addr: ({ client }) => client.peerIp,
  remote_port: ({ client }) => String(client.port),
  server_port: of(({ session }) => session.server_port),
  status: of(({ session }) => session.status),
  bytes_received: of(({ session }) => session.received),
  bytes_sent: of(({ session }) => session.sent),
  session_time: of(({ latencies }) => (latencies.session / 1000).toFixed(3)),
  ssl_cipher: of(({ session }) => session.tls?.cipher),
  ssl_protocol: of(({ session }) => session.tls?.version),
  ssl_client_verify: of(({ session }) => session.tls?.client_verify),
  ssl_server_name: (session) => nameWhere(session, true),
  ssl_preread_server_name: (session) => nameWhere(session, false),
  upstream_addr: of(({ tries }) => joined(tries.map(({ ip, port }) => addressOf(ip, port)))),
  upstream_bytes_received: of(({ upstream }) => upstream.received),
  upstream_bytes_sent: of(({ upstream }) => upstream.sent),
}

/** A variable of nginx' for streams, as it is when the session has ended. */
export function sessionVariable(session: Session, name: string): string | undefined {
  return Object.hasOwn(VARIABLES, name) ? VARIABLES[name]?.(session) : undefined
}

function of(read: (facts: SessionRecord) => string | number | undefined): Read {
  return (session) => {
    const value = read(session.facts())
    return value === undefined ? undefined : String(value)
  }
}

/** nginx: one variable has the name where TLS is ended, another where it is passed on. */
function nameWhere(session: Session, ended: boolean): string | undefined {
  return (session.facts().session.tls !== undefined) === ended ? session.sni : undefined
}

function addressOf(ip: string, port: number): string {
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`
}

function joined(texts: readonly string[]): string | undefined {
  return texts.length === 0 ? undefined : texts.join(', ')
}
