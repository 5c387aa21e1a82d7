import type { Syslog } from '../../src/ports/syslog.ts'
import { finish, type Logger, startLogger, writeTo } from './logger.ts'

/** Which program hands the lines over, and how much may wait for it. */
export interface SyslogOptions {
  /** Reads lines that begin with `<priority>`; util-linux' `logger` as `tag` unless said. */
  readonly command?: readonly [program: string, ...words: string[]]
  /** What each line is said to be of; Kong's. */
  readonly tag?: string
  /** Bytes that may wait. */
  readonly maxWaiting?: number
  readonly now?: () => number
}

/** A program that broke is started again this much later at the earliest, in milliseconds. */
const REST = 1000

/**
 * The system log by way of one `logger` process: its socket takes Unix datagrams, which `node:dgram`
 * has not. The process starts with the first line and ends when its input does.
 */
export function createLoggerSyslog(options: SyslogOptions = {}): Syslog {
  const { tag = 'kong', maxWaiting = 1024 * 1024, now = Date.now } = options
  // Without a size it would cut lines after 1 KiB.
  const own = ['logger', '--tag', tag, '--prio-prefix', '--size', '64KiB'] as const
  const { command = own } = options
  const program = keepRunning(command, now)
  /** Bytes that are on their way; Bun's stream does not count them. */
  let waiting = 0

  return {
    async write(priority, line) {
      const { stdin } = program.running()
      const bytes = lineOf(priority, line)
      if (waiting + bytes.length > maxWaiting) {
        throw new Error('Too much is waiting for the system log')
      }
      waiting += bytes.length
      try {
        await writeTo(stdin, bytes)
      } finally {
        waiting -= bytes.length
      }
    },
    close: program.close,
  }
}

/** Starts the program when it is asked for and does not run; not soon after it broke. */
function keepRunning(command: readonly [program: string, ...words: string[]], now: () => number) {
  let logger: Logger | undefined
  let restUntil = Number.NEGATIVE_INFINITY
  let closed = false
  return {
    running(): Logger {
      if (closed) throw new Error('The system log is closed')
      if (logger !== undefined) return logger
      if (now() < restUntil) throw new Error(`Cannot run "${command[0]}"`)
      const started = startLogger(command, () => {
        if (logger !== started) return
        logger = undefined
        restUntil = now() + REST
      })
      logger = started
      return started
    },
    async close(): Promise<void> {
      closed = true
      if (logger !== undefined) await finish(logger)
    },
  }
}

/** A line break would begin a line with a priority of its own. */
function lineOf(priority: number, line: string): Uint8Array {
  return Buffer.from(`<${priority}>${line.replace(/[\r\n\0]+/g, ' ')}\n`)
}
