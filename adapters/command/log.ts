import { redact } from '../../src/lib/redact.ts'
import type { LogLevel, LogLevelName, LogLevelSwitch, Runtime } from '../../src/ports/runtime.ts'

const RANK: Readonly<Record<LogLevelName, number>> = {
  debug: 0,
  info: 1,
  notice: 2,
  warn: 3,
  error: 4,
  crit: 5,
  alert: 5,
  emerg: 5,
}

/** Where and how lines of the log go. */
export interface LogOptions {
  readonly level: LogLevel
  readonly format: 'plain' | 'json'
  readonly write: (line: string) => void
  readonly now: () => number
  /** Texts that never appear, such as the Admin API's token. */
  readonly secrets?: readonly string[]
}

/** A log, and the switch of its level. */
export interface Log {
  readonly log: Runtime['log']
  readonly level: LogLevelSwitch
}

/** A log: one line each, nothing below its level, no line broken by what it quotes, no secrets. */
export function createLog(options: LogOptions): Log {
  const level = createSwitch(options)
  return {
    level,
    log(importance, message, fields) {
      if (RANK[importance] < RANK[level.get()]) return
      const said = redact({ message, fields: shown(fields) }, options.secrets)
      options.write(lineOf(options, importance, said))
    },
  }
}

/** Owns no timer: whether a change still holds is asked of the clock, line by line. */
function createSwitch({ level, now }: LogOptions): LogLevelSwitch {
  let changed: { readonly level: LogLevelName; readonly until: number } | undefined
  return {
    get: () => (changed !== undefined && now() < changed.until ? changed.level : level),
    set(chosen, timeoutSeconds) {
      const until = timeoutSeconds === 0 ? Number.POSITIVE_INFINITY : now() + timeoutSeconds * 1000
      changed = { level: chosen, until }
    },
  }
}

interface Said {
  readonly message: string
  readonly fields: Readonly<Record<string, unknown>>
}

function lineOf({ format, now }: LogOptions, level: LogLevel, { message, fields }: Said): string {
  const time = new Date(now()).toISOString()
  return format === 'json'
    ? `${JSON.stringify({ time, level, message, ...fields })}\n`
    : `${time} [${level}] ${printable(message)}${fieldsText(fields)}\n`
}

function fieldsText(fields: Readonly<Record<string, unknown>>): string {
  return Object.entries(fields)
    .map(([name, value]) => {
      const text = typeof value === 'string' ? value : JSON.stringify(value)
      return ` ${name}=${printable(text)}`
    })
    .join('')
}

function shown(fields: Readonly<Record<string, unknown>> | undefined): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields ?? {})) {
    result[name] = value instanceof Error ? `${value.name}: ${value.message}` : value
  }
  return result
}

/** Control characters escaped, so that nobody can forge a line. */
function printable(text: string | undefined): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return (text ?? '').replace(/[\u0000-\u001f\u007f-\u009f]/g, (char) =>
    JSON.stringify(char).slice(1, -1),
  )
}
