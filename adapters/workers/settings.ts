import { allPlugins } from '../../src/plugins/all.ts'
import { UPSTREAM_SETTINGS } from '../../src/settings/all-upstream.ts'
import { dereference } from '../../src/settings/dereference.ts'
import { TEMPLATE_FORMS } from '../../src/settings/error-template.ts'
import { unknownPlugins } from '../../src/settings/plugin-names.ts'
import { readSettings, settingsOfEnvironment } from '../../src/settings/read.ts'
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

/** Reads the bindings that are texts; throws with all that is wrong with them. */
export function readBindings(bindings: Readonly<Record<string, unknown>>): WorkersSettings {
  const texts = new Map(Object.entries(bindings).filter(isText))
  const environment = (name: string): string | undefined => nonEmpty(texts.get(name))
  const values = settingsOf(texts, environment)
  const declarativeConfig = nonEmpty(values.get('declarative_config_string'))
  const off = declarativeConfig !== undefined || values.get('database') === 'off'
  const database = off ? 'off' : 'durable-object'
  // Kept in the Durable Object either way; the reader knows the databases of the other runtimes.
  const read = readSettings([new Map([['database', 'memory']]), values])
  if (!read.ok) throw new Error(`Cannot read the settings: ${read.errors.join('; ')}`)
  if (read.process.workers !== 1) {
    throw new Error('Cannot read the settings: workers: the platform decides how many there are')
  }

  const unusable = ['dns_resolver', 'dns_hostsfile'].filter((name) => values.has(name))
  if (unusable.length > 0) {
    const names = unusable.join(', ')
    throw new Error(`Cannot read the settings: ${names}: not on Workers, which have dns_doh_url`)
  }

  const impossible = NOT_HERE.filter((name) => values.has(name))
  if (impossible.length > 0) {
    const names = impossible.join(', ')
    throw new Error(`Cannot read the settings: ${names}: not on Workers`)
  }

  if (read.process.streamListen.length > 0) {
    throw new Error(
      'Cannot read the settings: stream_listen: not on Workers, which serve HTTP alone',
    )
  }

  if (read.process.adminGui.dir !== '') {
    throw new Error('Cannot read the settings: admin_gui_dir: not on Workers, which have no files')
  }

  const unknown = unknownPlugins(
    read.settings.shown,
    allPlugins.map(({ name }) => name),
  )
  if (unknown.length > 0) throw new Error(`Cannot read the settings: ${unknown.join('; ')}`)

  const proxyListen = values.has('proxy_listen') ? read.process.proxyListen[0] : undefined
  const host = nonEmpty(bindings.GIBBON_ADMIN_HOST)?.toLowerCase()
  return {
    settings: {
      ...read.settings,
      database,
      // A name of ours in Host is none that somebody rebound to our address.
      adminGuiUrls: [
        ...read.settings.adminGuiUrls,
        ...(host === undefined ? [] : [`https://${host}`]),
      ],
      shown: {
        ...read.settings.shown,
        database,
        // The Manager is under /manager of the Admin API alone.
        admin_gui_listen: ['off'],
        admin_gui_listeners: [],
        // Where the platform listens there is no socket of ours to tell of.
        ...(values.has('admin_listen') ? {} : { admin_listen: [], admin_listeners: [] }),
      },
    },
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

/** What the bindings say of settings, with what their references stand for. */
function settingsOf(
  texts: ReadonlyMap<string, string>,
  environment: WorkersSettings['environment'],
): ReadonlyMap<string, string> {
  const { values } = settingsOfEnvironment(texts)
  const { sources, errors } = dereference([values], environment)
  if (errors.length > 0) throw new Error(`Cannot read the settings: ${errors.join('; ')}`)
  return sources[0] ?? values
}

/** Said outright, by either word: something else guards the Admin API. */
function isOpen(values: ReadonlyMap<string, string>): boolean {
  return values.get('admin_token') === 'off' || values.get('admin_auth') === 'off'
}

function isText(pair: [string, unknown]): pair is [string, string] {
  return typeof pair[1] === 'string'
}

function nonEmpty(binding: unknown): string | undefined {
  return typeof binding === 'string' && binding !== '' ? binding : undefined
}
