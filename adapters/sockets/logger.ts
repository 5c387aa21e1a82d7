import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Writable } from 'node:stream'

/** A process that takes lines. */
export type Logger = ChildProcessByStdio<Writable, null, null>

/** How long it may take to hand over the last lines. */
const LAST_WAIT = 2000

/** Starts it; `gone` is told when it is no more, or never was. */
export function startLogger(
  [program, ...words]: readonly [program: string, ...words: string[]],
  gone: () => void,
): Logger {
  // A group of its own: an interrupt from a terminal must not lose the last lines.
  const child = spawn(program, words, { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  child.on('error', gone).on('close', gone)
  child.stdin.on('error', gone)
  // Deno has nothing to let go of when the program is not there.
  if (child.pid !== undefined) child.unref()
  return child
}

/** Resolves when the stream has taken the bytes. */
export function writeTo(stdin: Writable, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    stdin.write(bytes, (error) => {
      if (error === null || error === undefined) resolve()
      else reject(error)
    })
  })
}

/** Ends its input, and waits for it to end. */
export function finish(logger: Logger): Promise<void> {
  return new Promise((resolve) => {
    if (logger.exitCode !== null || logger.signalCode !== null) {
      resolve()
      return
    }
    const done = (): void => {
      clearTimeout(timer)
      resolve()
    }
    const timer = setTimeout(() => {
      logger.kill('SIGKILL')
      done()
    }, LAST_WAIT)
    if (logger.pid !== undefined) logger.ref()
    logger.once('error', done).once('close', done)
    logger.stdin.end()
  })
}
