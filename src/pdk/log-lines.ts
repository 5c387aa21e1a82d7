import { LOG_LEVELS, type LogLevel, type Runtime } from '../ports/runtime.ts'

/** A line of the gateway's own log. */
export interface LogLine {
  readonly level: LogLevel
  readonly message: string
  readonly fields: Readonly<Record<string, unknown>>
}

/** Tells listeners of every line that is logged. */
export interface LogLines {
  /** Calling what it gives ends that. */
  listen(listener: (line: LogLine) => void): () => void
}

/** The same runtime with listeners to its log, who hear what the level lets through. */
export function withLogLines(runtime: Runtime): {
  readonly runtime: Runtime
  readonly logs: LogLines
} {
  const listeners = new Set<(line: LogLine) => void>()
  const isKept = (level: LogLevel): boolean => {
    const least = runtime.logLevel?.get() ?? 'debug'
    return LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(least)
  }
  const log: Runtime['log'] = (level, message, fields = {}) => {
    runtime.log(level, message, fields)
    if (listeners.size === 0 || !isKept(level)) return
    for (const listener of listeners) listener({ level, message, fields })
  }
  const logs: LogLines = {
    listen(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
  return { runtime: { ...delegating(runtime), log }, logs }
}

/** By its methods: it may be an object of any kind. */
function delegating(runtime: Runtime): Runtime {
  const { name, hostname, logLevel, environment, processes } = runtime
  return {
    name,
    now: () => runtime.now(),
    random: () => runtime.random(),
    uuid: () => runtime.uuid(),
    log: (level, message, fields) => runtime.log(level, message, fields),
    background: (work) => runtime.background(work),
    ...(hostname === undefined ? {} : { hostname }),
    ...(logLevel === undefined ? {} : { logLevel }),
    ...(environment === undefined ? {} : { environment }),
    ...(processes === undefined ? {} : { processes }),
  }
}
