import { allPlugins } from '../../src/plugins/all.ts'
import { UPSTREAM_SETTINGS } from '../../src/settings/all-upstream.ts'
import { dereference } from '../../src/settings/dereference.ts'
import { TEMPLATE_FORMS } from '../../src/settings/error-template.ts'
import { unknownPlugins } from '../../src/settings/plugin-names.ts'
import { type ReadSettings, readSettings, settingsOfEnvironment } from '../../src/settings/read.ts'
import type { Settings } from '../../src/settings/settings.ts'

/** What a Worker is told by its bindings. */
export interface WorkersSettings {
  readonly settings: Settings
  /** The port of the proxy's socket; undefined where the platform listens. */
  readonly proxyPort: number | undefined
  /** The sockets are ours: plain workerd, where a fetch may go to an address. */
  readonly ownSockets: boolean
  readonly admin: AdminAccess
  /** A kong.yaml given as a text; belongs to `database = off`, as in Kong. */
  readonly declarativeConfig: string | undefined
  /** The bindings that are texts, as an environment. */
  readonly environment: (name: string) => string | undefined
}

/** How the Admin API is told apart on the proxy's socket; with neither it is not there at all. */
export interface AdminAccess {
  /** Lower-case host name. */
  readonly host: string | undefined
  /** Path prefix without a slash at its end. */
  readonly path: string | undefined
  /** Whether a token is asked for, or it was said that none shall be; else nobody gets in there. */
  readonly guarded: boolean
}

/** What takes files, or connections of our own. */
const NOT_HERE = [
  ...TEMPLATE_FORMS.map((form) => `error_template_${form}`),
  ...UPSTREAM_SETTINGS.map(({ name }) => name),
]

/** Reads the bindings that are texts; throws with what is wrong with them. */
export function readBindings(bindings: Readonly<Record<string, unknown>>): WorkersSettings {
  const texts = new Map(Object.entries(bindings).filter(isText))
  const environment = (name: string): string | undefined => nonEmpty(texts.get(name))
  const values = settingsOf(texts, environment)
  // Kept in the Durable Object either way; the reader knows the databases of the other runtimes.
  const read = readSettings([new Map([['database', 'memory']]), values])
  if (!read.ok) throw unreadable(read.errors.join('; '))
  refuseImpossible(values, read)

  const declarativeConfig = nonEmpty(values.get('declarative_config_string'))
  const proxyListen = values.has('proxy_listen') ? read.process.proxyListen[0] : undefined
  const host = nonEmpty(bindings.GIBBON_ADMIN_HOST)?.toLowerCase()
  return {
    settings: settingsHere(values, read.settings, host),
    proxyPort: proxyListen?.port,
    ownSockets: proxyListen !== undefined,
    admin: {
      host,
      path: nonEmpty(bindings.GIBBON_ADMIN_PATH)?.replace(/\/+$/, ''),
      guarded: read.settings.adminToken !== undefined || isOpen(values),
    },
    declarativeConfig,
    environment,
  }
}

type Values = ReadonlyMap<string, string>
type Read = Extract<ReadSettings, { ok: true }>

/** Throws for the first kind of setting that this runtime cannot do as it says. */
function refuseImpossible(values: Values, { settings, process }: Read): void {
  if (process.workers !== 1) {
    throw unreadable('workers: the platform decides how many there are')
  }
  refuse(values, ['dns_resolver', 'dns_hostsfile'], 'not on Workers, which have dns_doh_url')
  refuse(values, NOT_HERE, 'not on Workers')
  if (process.streamListen.length > 0) {
    throw unreadable('stream_listen: not on Workers, which serve HTTP alone')
  }
  if (process.adminGui.dir !== '') {
    throw unreadable('admin_gui_dir: not on Workers, which have no files')
  }
  const known = allPlugins.map(({ name }) => name)
  const unknown = unknownPlugins(settings.shown, known)
  if (unknown.length > 0) throw unreadable(unknown.join('; '))
}

/** Throws where one of the names has a value. */
function refuse(values: Values, names: readonly string[], why: string): void {
  const given = names.filter((name) => values.has(name))
  if (given.length > 0) throw unreadable(`${given.join(', ')}: ${why}`)
}

function unreadable(what: string): Error {
  return new Error(`Cannot read the settings: ${what}`)
}

/** The settings as they are where the platform listens and a Durable Object stores. */
function settingsHere(values: Values, settings: Settings, host: string | undefined): Settings {
  const config = nonEmpty(values.get('declarative_config_string'))
  const off = config !== undefined || values.get('database') === 'off'
  const database = off ? 'off' : 'durable-object'
  return {
    ...settings,
    database,
    // A name of ours in Host is none that somebody rebound to our address.
    adminGuiUrls: [...settings.adminGuiUrls, ...(host === undefined ? [] : [`https://${host}`])],
    shown: {
      ...settings.shown,
      database,
      // The Manager is under /manager of the Admin API alone.
      admin_gui_listen: ['off'],
      admin_gui_listeners: [],
      // Where the platform listens there is no socket of ours to tell of.
      ...(values.has('admin_listen') ? {} : { admin_listen: [], admin_listeners: [] }),
    },
  }
}

/** What the bindings say of settings, with what their references stand for. */
function settingsOf(texts: Values, environment: WorkersSettings['environment']): Values {
  const { values } = settingsOfEnvironment(texts)
  const { sources, errors } = dereference([values], environment)
  if (errors.length > 0) throw unreadable(errors.join('; '))
  return sources[0] ?? values
}

/** Said outright, by either word: something else guards the Admin API. */
function isOpen(values: Values): boolean {
  return values.get('admin_token') === 'off' || values.get('admin_auth') === 'off'
}

function isText(pair: [string, unknown]): pair is [string, string] {
  return typeof pair[1] === 'string'
}

function nonEmpty(binding: unknown): string | undefined {
  return typeof binding === 'string' && binding !== '' ? binding : undefined
}
