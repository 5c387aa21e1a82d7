import { ROUTER_FLAVORS, type RouterFlavor } from '../lib/router-flavor.ts'
import { isUuid } from '../lib/uuid.ts'
import { adminTokenOf } from './admin-token.ts'
import { ALL_SETTINGS, type Setting } from './all.ts'
import { isAlreadySo } from './already-so.ts'
import { checkChoices, checkProcess } from './check.ts'
import { readDns } from './dns.ts'
import { readGui } from './gui.ts'
import { headerNames } from './header-names.ts'
import { readKeepalive } from './keepalive.ts'
import { listOf } from './list.ts'
import { type Listen, parseListens, parseStreamListens } from './listen.ts'
import { countOf, numberOf, secondsOf, type TextOf } from './numbers.ts'
import { pluginNames } from './plugin-names.ts'
import { readPortMaps } from './port-maps.ts'
import type { ProcessSettings } from './process-settings.ts'
import type { Settings } from './settings.ts'
import { shownSettings } from './shown.ts'
import { readTracing } from './tracing.ts'
import { readTrustedIps } from './trusted-ips.ts'

/** Where values come from, the strongest first; each by a setting's name. */
export type SettingSources = readonly ReadonlyMap<string, string>[]

/** The settings, or every reason why there are none. */
export type ReadSettings =
  | { readonly ok: true; readonly settings: Settings; readonly process: ProcessSettings }
  | { readonly ok: false; readonly errors: readonly string[] }

const BY_NAME = new Map(ALL_SETTINGS.map((setting) => [setting.name, setting]))

/** Picks the settings out of environment variables: `KONG_*`, and `GIBBON_*` which wins. */
export function settingsOfEnvironment(variables: Iterable<readonly [string, string]>): {
  readonly values: ReadonlyMap<string, string>
  readonly unknown: readonly string[]
} {
  const values = new Map<string, string>()
  const ours = new Map<string, string>()
  const unknown: string[] = []
  for (const [variable, value] of variables) {
    const [, prefix, rest] = /^(KONG|GIBBON)_(.+)$/.exec(variable) ?? []
    if (prefix === undefined || rest === undefined) continue
    const name = rest.toLowerCase()
    if (isAlreadySo(name, value)) continue
    if (!isSetting(name)) unknown.push(variable)
    else if (prefix === 'GIBBON') ours.set(name, value)
    else values.set(name, value)
  }
  for (const [name, value] of ours) values.set(name, value)
  return { values, unknown: unknown.sort() }
}

/** Whether there is a setting of this name. */
export function isSetting(name: string): boolean {
  return BY_NAME.has(name) || [...ALIASES.values()].includes(name)
}

/** Settings by the names that Kong's own are aliases of: who chose one of those has it so. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['real_ip_header', 'nginx_proxy_real_ip_header'],
  ['real_ip_recursive', 'nginx_proxy_real_ip_recursive'],
])

/** Reads all settings from their sources, with every error at once. */
export function readSettings(sources: SettingSources): ReadSettings {
  const errors: string[] = []
  const text: TextOf = (name) => settingValue(name, sources)
  checkChoices(text, errors)
  const guiGiven = sources.some((source) => source.has('admin_gui_listen'))
  const chosen = readProcess(text, errors, guiGiven)
  checkProcess(text, chosen, errors)
  const settings = readCore(text, errors, chosen)
  return errors.length > 0 ? { ok: false, errors } : { ok: true, settings, process: chosen }
}

function settingValue(name: string, sources: SettingSources): string {
  const alias = ALIASES.get(name)
  const value = (alias && firstOf(alias, sources)) ?? firstOf(name, sources)
  const setting = BY_NAME.get(name)
  return value === undefined ? (setting?.fallback ?? '') : switchOf(setting, value.trim())
}

function firstOf(name: string, sources: SettingSources): string | undefined {
  return sources.find((source) => source.has(name))?.get(name)
}

/** Kong: a switch is also thrown by `true` and `false`, as YAML and shells write it. */
function switchOf(setting: Setting | undefined, value: string): string {
  if (setting?.oneOf?.includes('off') !== true || setting.oneOf.some((one) => !isSwitch(one))) {
    return value
  }
  if (value === 'true' || value === 'yes') return 'on'
  return value === 'false' || value === 'no' ? 'off' : value
}

function isSwitch(word: string): boolean {
  return word === 'on' || word === 'off'
}

function readProcess(text: TextOf, errors: string[], guiGiven: boolean): ProcessSettings {
  const listens = (name: string, parse = parseListens): readonly Listen[] => {
    const read = parse(name, text(name))
    errors.push(...read.errors)
    return read.listens
  }
  return {
    proxyListen: listens('proxy_listen'),
    adminListen: listens('admin_listen'),
    statusListen: listens('status_listen'),
    streamListen: listens('stream_listen', parseStreamListens),
    adminGui: readGui(text, errors, guiGiven),
    declarativeConfig: text('declarative_config'),
    declarativeConfigString: text('declarative_config_string'),
    declarativeWatch: text('declarative_watch') === 'on',
    dataDir: text('data_dir'),
    dnsResolver: text('dns_resolver'),
    dnsHostsfile: text('dns_hostsfile'),
    ...readCertificates(text),
    keepalive: readKeepalive(text, errors),
    errorTemplates: {
      html: text('error_template_html'),
      json: text('error_template_json'),
      plain: text('error_template_plain'),
      xml: text('error_template_xml'),
    },
    // 0 is falsy: no limit.
    maxConnections: countOf('max_connections', text, errors) || Number.POSITIVE_INFINITY,
    headersTimeout: secondsOf('client_header_timeout', text, errors) * 1000,
    logFormat: text('log_format') === 'json' ? 'json' : 'plain',
    untrustedLua: text('untrusted_lua') === 'sandbox' ? 'sandbox' : 'off',
    workers: workersOf(text, errors),
    shutdownTimeout: numberOf('shutdown_timeout', text, errors) * 1000,
  }
}

function readCertificates(text: TextOf) {
  return {
    sslCert: text('ssl_cert'),
    sslCertKey: text('ssl_cert_key'),
    adminSslCert: text('admin_ssl_cert'),
    adminSslCertKey: text('admin_ssl_cert_key'),
    adminGuiSslCert: text('admin_gui_ssl_cert'),
    adminGuiSslCertKey: text('admin_gui_ssl_cert_key'),
    clientSsl: text('client_ssl') === 'on',
    clientSslCert: text('client_ssl_cert'),
    clientSslCertKey: text('client_ssl_cert_key'),
    trustedCertificates: listOf(text('lua_ssl_trusted_certificate')),
  }
}

function readCore(text: TextOf, errors: string[], chosen: ProcessSettings): Settings {
  return {
    trustedIps: readTrustedIps(text, errors),
    realIpHeader: text('real_ip_header').toLowerCase(),
    realIpRecursive: text('real_ip_recursive') === 'on',
    headers: headerNames('headers', text, errors),
    headersUpstream: headerNames('headers_upstream', text, errors),
    errorDefaultType: text('error_default_type'),
    portMaps: readPortMaps(text, errors),
    nodeId: nodeIdOf(text('node_id'), errors),
    tracing: readTracing(text, errors),
    allowDebugHeader: text('allow_debug_header') === 'on',
    maxQueryArgs: maxQueryArgsOf(text, errors),
    database: text('database'),
    routerFlavor: flavorOf(text('router_flavor')),
    matchCalculation: text('route_match_calculation') === 'original' ? 'original' : 'strict',
    connectBackoff: numberOf('connect_backoff', text, errors),
    slowStart: numberOf('slow_start', text, errors),
    upstreamMaxInFlight: countOf('upstream_max_in_flight', text, errors),
    upstreamMaxWaiting: countOf('upstream_max_waiting', text, errors),
    upstreamMaxWait: numberOf('upstream_max_wait', text, errors),
    dns: readDns(text, errors),
    dohUrl: urlOf('dns_doh_url', text, errors),
    adminGuiUrls: listOf(text('admin_gui_url')),
    logLevel: text('log_level'),
    plugins: pluginNames(text('plugins')),
    unimplementedPlugins: text('unimplemented_plugins') === 'ignore' ? 'ignore' : 'refuse',
    adminToken: adminTokenOf(text),
    proxyCacheStorage: text('proxy_cache_storage') === 'kv' ? 'kv' : 'memory',
    revisionHistory: numberOf('revision_history', text, errors),
    shown: shownSettings(text, chosen),
  }
}

/** What is none of the three was refused before. */
function flavorOf(text: string): RouterFlavor {
  return ROUTER_FLAVORS.find((flavor) => flavor === text) ?? 'traditional_compatible'
}

function nodeIdOf(id: string, errors: string[]): string | undefined {
  if (id === '') return undefined
  if (!isUuid(id)) errors.push('node_id must be a valid UUID')
  return id
}

function maxQueryArgsOf(text: TextOf, errors: string[]): number {
  const value = text('lua_max_uri_args')
  const count = /^\d{1,4}$/.test(value) ? Number(value) : 0
  if (count < 1 || count > 1000) {
    errors.push('lua_max_uri_args must be an integer between 1 and 1000')
  }
  return count
}

function urlOf(name: string, text: TextOf, errors: string[]): string | undefined {
  const value = text(name)
  if (value === '') return undefined
  if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol)) {
    errors.push(`${name}: "${value}" is not an http or https URL`)
  }
  return value
}

function workersOf(text: TextOf, errors: string[]): number | 'auto' {
  const value = text('workers')
  if (value === 'auto') return value
  const count = Number(value)
  if (/^\d{1,3}$/.test(value) && count > 0) return count
  errors.push(`workers: "${value}" is neither auto nor a number from 1 to 999`)
  return 1
}
