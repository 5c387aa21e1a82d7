import type { Gateway } from '../../src/gateway.ts'
import { errorAnswer } from '../../src/http/error-body.ts'
import { requestIds } from '../../src/http/request-id.ts'
import { messageOf } from '../../src/lib/message-of.ts'
import { type CountConnections, sumOfConnections } from '../../src/ports/connections.ts'
import type { Runtime } from '../../src/ports/runtime.ts'
import type { Answer, CertificateSource } from '../../src/ports/server.ts'
import type { Listen } from '../../src/settings/listen.ts'
import type { ProcessSettings } from '../../src/settings/process-settings.ts'
import type { Settings } from '../../src/settings/settings.ts'
import { type Listening, type ListenOptions, listen } from '../node-http/server.ts'
import type { Place } from '../node-http/server-listen.ts'
import { listenStream } from '../stream/listen.ts'
import { listenUdp } from '../stream/listen-udp.ts'
import { guiDoor } from './gui-door.ts'
import { type NamedPair, pairOf } from './pem.ts'

/** All that listens. */
export interface Ports {
  /** How clients' connections to all HTTP listeners stand. */
  readonly connections: CountConnections
  /** Where the Manager listens. */
  readonly manager: readonly Listen[]
  /** Ends what listens; requests under way may take `graceMs`. */
  stop(graceMs: number): Promise<void>
}

/** Bytes an Admin request's body may have; Kong's nginx_admin_client_max_body_size. */
const ADMIN_MAX_BODY = 10 * 1024 * 1024

/** Opens every listener, or none: when one port cannot be had the others are closed again. */
export async function openPorts(
  gateway: Gateway,
  chosen: ProcessSettings,
  settings: Settings,
  runtime: Runtime,
): Promise<Ports> {
  const open: Listening[] = []
  const nextId = requestIds(runtime)
  const onBadRequest = (status: number, message: string): Answer =>
    errorAnswer({ status, message, requestId: nextId(), settings, fromServer: true })
  const openAll: OpenAll = async (listens, door) => {
    for (const at of listens) {
      open.push(await listenAt(at, chosen, { ...optionsOf(at, door, chosen), onBadRequest }))
    }
  }

  try {
    const tls = await proxyCertificates(gateway, chosen)
    await openDoors({ gateway, chosen, tls }, openAll)
    for (const at of chosen.streamListen) {
      open.push(await listenForStreams(at, { gateway, chosen, tls }))
    }
    return portsOf(open, await openManager(chosen, runtime, openAll))
  } catch (error) {
    await Promise.all(open.map((listening) => listening.stop(0)))
    throw error
  }
}

function portsOf(open: readonly Listening[], manager: readonly Listen[]): Ports {
  return {
    manager,
    connections: () =>
      sumOfConnections(open.flatMap(({ connections }) => (connections ? [connections()] : []))),
    async stop(graceMs) {
      await Promise.all(open.map((listening) => listening.stop(graceMs)))
    },
  }
}

/** What one kind of listener has in common. */
type Door = Pick<ListenOptions, 'handle' | 'maxBody' | 'limits'> & {
  readonly tls?: CertificateSource | undefined
}

type OpenAll = (listens: readonly Listen[], door: Door) => Promise<void>

function optionsOf(
  at: Listen,
  { tls, handle, maxBody, limits }: Door,
  { headersTimeout }: ProcessSettings,
): Omit<ListenOptions, keyof Place | 'onBadRequest'> {
  return {
    tls: at.ssl ? tls : undefined,
    http2: at.http2,
    proxyProtocol: at.proxyProtocol,
    maxBody,
    limits: { headersTimeout, ...limits },
    handle,
  }
}

/** What traffic meets: the gateway, and what the proxy's listeners show over TLS. */
interface ProxySide {
  readonly gateway: Gateway
  readonly chosen: ProcessSettings
  readonly tls: CertificateSource | undefined
}

/** The proxy, the Admin API and the status listener. */
async function openDoors({ gateway, chosen, tls }: ProxySide, openAll: OpenAll): Promise<void> {
  const { handle, handleAdmin, handleStatus } = gateway
  const { adminListen, adminSslCert, adminSslCertKey, maxConnections } = chosen
  const pair = { name: 'admin_ssl_cert', cert: adminSslCert, key: adminSslCertKey }
  const adminTls = await ownCertificates(adminListen, pair)
  await openAll(chosen.proxyListen, { handle, tls, limits: { maxConnections } })
  await openAll(adminListen, { handle: handleAdmin, tls: adminTls, maxBody: ADMIN_MAX_BODY })
  await openAll(chosen.statusListen, { handle: handleStatus, maxBody: ADMIN_MAX_BODY })
}

async function proxyCertificates(
  gateway: Gateway,
  { proxyListen, streamListen, sslCert, sslCertKey }: ProcessSettings,
): Promise<CertificateSource | undefined> {
  if (![...proxyListen, ...streamListen].some(({ ssl }) => ssl)) return undefined
  return gateway.certificates(await pairOf('ssl_cert', { cert: sslCert, key: sslCertKey }))
}

/** One pair for all names. */
async function ownCertificates(
  listens: readonly Listen[],
  { name, ...given }: NamedPair & { readonly name: string },
): Promise<CertificateSource | undefined> {
  if (!listens.some(({ ssl }) => ssl)) return undefined
  const pair = await pairOf(name, given)
  return { certificateFor: () => pair }
}

/**
 * Opens the Manager's own listener. One that nobody asked for is no reason not to start: beside
 * another gateway its port is taken, and the Admin API has the same page.
 */
async function openManager(
  chosen: ProcessSettings,
  runtime: Runtime,
  openAll: OpenAll,
): Promise<readonly Listen[]> {
  const { adminGui, adminListen, adminGuiSslCert, adminGuiSslCertKey } = chosen
  const { listens } = adminGui
  if (!adminGui.chosen && adminListen.length === 0) return []
  try {
    const pair = { name: 'admin_gui_ssl_cert', cert: adminGuiSslCert, key: adminGuiSslCertKey }
    const tls = await ownCertificates(listens, pair)
    await openAll(listens, { handle: guiDoor(chosen, runtime), tls })
    return listens
  } catch (error) {
    if (adminGui.chosen) throw error
    const reason = messageOf(error)
    runtime.log('notice', `The Manager is under /manager of the Admin API alone: ${reason}`)
    return []
  }
}

function listenForStreams(at: Listen, { gateway, chosen, tls }: ProxySide): Promise<Listening> {
  const { stream } = gateway
  const { host, port, proxyProtocol } = at
  const ipv6Only = isIpv6Only(at)
  if (at.udp) return orReason(at, chosen, listenUdp({ host, port, ipv6Only, stream }))
  const { maxConnections, headersTimeout: startTimeout } = chosen
  const options = { stream, tls: at.ssl ? tls : undefined, proxyProtocol, maxConnections }
  return orReason(at, chosen, listenStream(placeOf(at, chosen), { ...options, startTimeout }))
}

function listenAt(
  at: Listen,
  chosen: ProcessSettings,
  options: Omit<ListenOptions, keyof Place>,
): Promise<Listening> {
  return orReason(at, chosen, listen({ ...placeOf(at, chosen), ...options }))
}

function placeOf(at: Listen, chosen: ProcessSettings): Place {
  const { host, port, path, backlog } = at
  if (path !== undefined) return { path, backlog }
  return { host, port, backlog, ipv6Only: isIpv6Only(at), hasTwin: hasTwin(at, chosen) }
}

/** Whether something of ours listens at the same port of the other family. */
function hasTwin(at: Listen, chosen: ProcessSettings): boolean {
  const { proxyListen, adminListen, statusListen, streamListen, adminGui } = chosen
  const all = [proxyListen, adminListen, statusListen, streamListen, adminGui.listens].flat()
  return all.some(({ host, port, path, udp }) => {
    const isOther = host.includes(':') !== at.host.includes(':')
    return isOther && port === at.port && path === undefined && udp === undefined
  })
}

/** nginx: beside an IPv6 address its IPv4 twin is another's to listen at, unless told otherwise. */
function isIpv6Only({ host, dualStack }: Listen): boolean {
  return host.includes(':') && dualStack !== true
}

async function orReason(
  at: Listen,
  chosen: ProcessSettings,
  opening: Promise<Listening>,
): Promise<Listening> {
  try {
    return await opening
  } catch (error) {
    const { host, port, path } = at
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    const reason = code === 'EADDRINUSE' ? IN_USE : code === 'EACCES' ? 'not allowed' : undefined
    const advice = reason && `${reason}; choose another with ${settingOf(at, chosen)}`
    throw new Error(`cannot listen on ${path ?? `${host}:${port}`}: ${advice ?? String(error)}`)
  }
}

const IN_USE = 'the port is in use'

/** The setting that names this place. */
function settingOf(at: Listen, chosen: ProcessSettings): string {
  if (chosen.proxyListen.includes(at)) return 'proxy_listen'
  if (chosen.adminListen.includes(at)) return 'admin_listen'
  if (chosen.statusListen.includes(at)) return 'status_listen'
  return chosen.streamListen.includes(at) ? 'stream_listen' : 'admin_gui_listen'
}
