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
}

/** How the Admin API is told apart on the proxy's socket; with neither it is not there at all. */
export interface AdminAccess {
  /** Lower-case host name. */
  readonly host: string | undefined
  /** Path prefix without a slash at its end. */
  readonly path: string | undefined
  /** What `Kong-Admin-Token` must hold, on that socket. */
  readonly token: string | undefined
}

/** Reads the bindings that are texts; throws with all that is wrong with them. */
export function readBindings(bindings: Readonly<Record<string, unknown>>): WorkersSettings {
  const texts = Object.entries(bindings).filter(isText)
  const { values } = settingsOfEnvironment(texts)
  // The Durable Object is the only database here; the reader knows those of the other runtimes.
  const read = readSettings([new Map([['database', 'memory']]), values])
  if (!read.ok) throw new Error(`Cannot read the settings: ${read.errors.join('; ')}`)

  const text = (name: string): string | undefined => nonEmpty(new Map(texts).get(name))
  const proxyListen = values.has('proxy_listen') ? read.process.proxyListen[0] : undefined
  return {
    settings: {
      ...read.settings,
      database: 'durable-object',
      shown: { ...read.settings.shown, database: 'durable-object' },
    },
    proxyPort: proxyListen?.port,
    ownSockets: proxyListen !== undefined,
    admin: {
      host: text('GIBBON_ADMIN_HOST')?.toLowerCase(),
      path: text('GIBBON_ADMIN_PATH')?.replace(/\/+$/, ''),
      token: text('GIBBON_ADMIN_TOKEN'),
    },
  }
}

function isText(pair: [string, unknown]): pair is [string, string] {
  return typeof pair[1] === 'string'
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text
}
