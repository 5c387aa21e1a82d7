import { LOG_LEVELS, type LogLevelSwitch } from '../ports/runtime.ts'
import { parseNumber } from './paging.ts'
import { message, type Reply } from './reply.ts'
import type { Call, Resource } from './resource.ts'

/** What the log level's pages work on. */
export interface LogLevelSources {
  readonly databaseless: boolean
  /** The level that was configured. */
  readonly configured: string
  /** Absent where the level cannot be changed. */
  readonly control: LogLevelSwitch | undefined
}

const DEFAULT_TIMEOUT = 60

/** `/debug/node/log-level` and, for the one node there is, `/debug/cluster/log-level` (admin-api §4.7). */
export function logLevelResources(sources: LogLevelSources): Resource[] {
  const level = () => sources.control?.get() ?? sources.configured
  const handlers = { PUT: (call: Call) => changeLevel(call, sources, level()) }
  return [
    {
      pattern: '/debug/node/log-level',
      handlers: { GET: () => message(200, `log level: ${level()}`) },
    },
    { pattern: '/debug/node/log-level/{log_level}', handlers },
    { pattern: '/debug/cluster/log-level/{log_level}', handlers },
  ]
}

function changeLevel(call: Call, { databaseless, control }: LogLevelSources, now: string): Reply {
  if (databaseless) return message(405, 'cannot change log level when not using a database')
  const asked = call.param('log_level')
  const level = LOG_LEVELS.find((name) => name === asked)
  if (level === undefined) return message(400, `unknown log level: ${asked}`)
  const timeout = timeoutIn(call)
  if (timeout < 0) return message(400, 'timeout must be greater than or equal to 0')
  if (level === now) return message(200, `log level is already ${level}`)
  if (control === undefined) return message(501, 'The log level cannot be changed on this runtime')
  control.set(level, timeout)
  return message(200, 'log level changed')
}

/** Kong: whole seconds, rounded up, from the query or the body. */
function timeoutIn({ query, payload }: Call): number {
  const inBody = payload.kind === 'yaml' ? undefined : payload.value.timeout
  const asked = query.first('timeout') ?? inBody
  const seconds = typeof asked === 'string' ? parseNumber(asked) : asked
  return typeof seconds === 'number' ? Math.ceil(seconds) : DEFAULT_TIMEOUT
}
