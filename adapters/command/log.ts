import type { LogLevel } from '../../src/ports/runtime.ts'

const RANK: Readonly<Record<LogLevel, number>> = {
  debug: 0,
  info: 1,
  notice: 2,
  warn: 3,
  error: 4,
  crit: 5,
}

/** Where and how lines of the log go. */
export interface LogOptions {
  readonly level: LogLevel
  readonly format: 'plain' | 'json'
  readonly write: (line: string) => void
  readonly now: () => number
}

/** A log function: one line each, nothing below its level, no line broken by what it quotes. */
export function createLog(
  options: LogOptions,
): (level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>) => void {
  const least = RANK[options.level]
  return (level, message, fields) => {
    if (RANK[level] < least) return
    const time = new Date(options.now()).toISOString()
    options.write(
      options.format === 'json'
        ? `${JSON.stringify({ time, level, message, ...shown(fields) })}\n`
        : `${time} [${level}] ${printable(message)}${fieldsText(fields)}\n`,
    )
  }
}

function fieldsText(fields: Readonly<Record<string, unknown>> | undefined): string {
  if (fields === undefined) return ''
  const pairs = Object.entries(shown(fields)).map(
    ([name, value]) =>
      `${name}=${printable(typeof value === 'string' ? value : JSON.stringify(value))}`,
  )
  return pairs.length === 0 ? '' : ` ${pairs.join(' ')}`
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
