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
}

/** How the Admin API is told apart on the proxy's socket; with neither it is not there at all. */
export interface AdminAccess {
  /** Lower-case host name. */
  readonly host: string | undefined
  /** Path prefix without a slash at its end. */
  readonly path: string | undefined
  /** What `Kong-Admin-Token` must hold on that socket; `off` for anything. Without it nobody gets in. */
  readonly token: string | undefined
}

/** Reads the bindings that are texts; throws with all that is wrong with them. */
export function readBindings(bindings: Readonly<Record<string, unknown>>): WorkersSettings {
  const texts = Object.entries(bindings).filter(isText)
  const { values } = settingsOfEnvironment(texts)
  const declarativeConfig = nonEmpty(bindings.KONG_DECLARATIVE_CONFIG_STRING)
  const off = declarativeConfig !== undefined || values.get('database') === 'off'
  const database = off ? 'off' : 'durable-object'
  // Kept in the Durable Object either way; the reader knows the databases of the other runtimes.
  const read = readSettings([new Map([['database', 'memory']]), values])
  if (!read.ok) throw new Error(`Cannot read the settings: ${read.errors.join('; ')}`)

  const proxyListen = values.has('proxy_listen') ? read.process.proxyListen[0] : undefined
  return {
    settings: {
      ...read.settings,
      database,
      shown: { ...read.settings.shown, database },
    },
    proxyPort: proxyListen?.port,
    ownSockets: proxyListen !== undefined,
    admin: {
      host: nonEmpty(bindings.GIBBON_ADMIN_HOST)?.toLowerCase(),
      path: nonEmpty(bindings.GIBBON_ADMIN_PATH)?.replace(/\/+$/, ''),
      token: nonEmpty(bindings.GIBBON_ADMIN_TOKEN),
    },
    declarativeConfig,
  }
}

function isText(pair: [string, unknown]): pair is [string, string] {
  return typeof pair[1] === 'string'
}

function nonEmpty(binding: unknown): string | undefined {
  return typeof binding === 'string' && binding !== '' ? binding : undefined
}
