import { waitUntil } from 'cloudflare:workers'
import type { LogLevel, Runtime } from '../../src/ports/runtime.ts'
import type { Settings } from '../../src/settings/settings.ts'
import { createLog } from '../command/log.ts'

/** The machine under a Worker. Nothing is drawn or timed before the first request, as workerd asks. */
export function createWorkersRuntime(
  settings: Settings,
  environment: NonNullable<Runtime['environment']>,
): Runtime {
  const { log } = createLog({
    // `log_level` was read as one of these names.
    level: settings.logLevel as LogLevel,
    format: 'plain',
    write: (line) => console.error(line.trimEnd()),
    now: Date.now,
    secrets: settings.adminToken === undefined ? [] : [settings.adminToken],
  })
  return {
    name: 'workerd',
    now: Date.now,
    random: Math.random,
    uuid: () => crypto.randomUUID(),
    environment,
    log,
    background(work) {
      // Belongs to the request that is being served now.
      waitUntil(work.catch((error) => log('error', 'Background work failed', { error })))
    },
  }
}
