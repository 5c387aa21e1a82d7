import { ALL_SETTINGS, type Setting } from './all.ts'
import { listOf } from './list.ts'
import type { Listen } from './listen.ts'

/** Settings that `GET /` shows as arrays, as Kong does. */
const SHOWN_AS_LIST = new Set([
  'proxy_listen',
  'admin_listen',
  'status_listen',
  'stream_listen',
  'headers',
  'headers_upstream',
  'plugins',
  'trusted_ips',
  'admin_gui_listen',
  'admin_gui_url',
  'dns_resolver',
  'dns_order',
  'port_maps',
  'tracing_instrumentations',
  'lua_ssl_trusted_certificate',
])

/** What listens. */
interface Listeners {
  readonly proxyListen: readonly Listen[]
  readonly adminListen: readonly Listen[]
  readonly statusListen: readonly Listen[]
  readonly streamListen: readonly Listen[]
  readonly adminGui: { readonly listens: readonly Listen[] }
}

/** The settings as `GET /` shows them. */
export function shownSettings(
  text: (name: string) => string,
  chosen: Listeners,
): Readonly<Record<string, unknown>> {
  const shown: Record<string, unknown> = {}
  for (const setting of ALL_SETTINGS) shown[setting.name] = shownValue(setting, text(setting.name))
  shown.proxy_listeners = chosen.proxyListen.map(listenerOf)
  shown.stream_listeners = chosen.streamListen.map(listenerOf)
  shown.admin_listeners = chosen.adminListen.map(listenerOf)
  shown.status_listeners = chosen.statusListen.map(listenerOf)
  shown.admin_gui_listeners = chosen.adminGui.listens.map(listenerOf)
  shown.role = 'traditional'
  return shown
}

function shownValue(setting: Setting, value: string): unknown {
  if (setting.secret === true && value !== '') return '******'
  if (SHOWN_AS_LIST.has(setting.name)) return listOf(value)
  if (value === 'on') return true
  if (value === 'off' && setting.oneOf?.includes('on') === true) return false
  return /^\d*\.?\d+$/.test(value) ? Number(value) : value
}

function listenerOf(listen: Listen): Readonly<Record<string, unknown>> {
  const { host, port, path, ssl, http2, proxyProtocol, udp = false } = listen
  const flags = [ssl && 'ssl', http2 && 'http2', proxyProtocol && 'proxy_protocol', udp && 'udp']
  const shown = host.includes(':') ? `[${host}]` : host
  const place = path === undefined ? `${shown}:${port}` : `unix:${path}`
  return {
    ...(path === undefined ? { ip: host, port } : { ip: place }),
    ssl,
    http2,
    proxy_protocol: proxyProtocol,
    ...(udp ? { udp } : {}),
    listener: [place, ...flags.filter((flag) => flag !== false)].join(' '),
  }
}
