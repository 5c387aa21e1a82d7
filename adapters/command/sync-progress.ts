import type { SyncPorts } from './sync-ports.ts'

/** Tells how far long work is. */
export interface Progress {
  readonly tell: (doing: string, done: number, total: number) => void
  /** Takes away what is only for the moment. */
  end(): void
}

/** Milliseconds between two words of it. */
const ON_TERMINAL = 100
const IN_LOG = 3_000

/** On a terminal one line that changes; elsewhere a line every few seconds. */
export function createProgress({
  isTerminal,
  err,
  now,
}: Pick<SyncPorts, 'isTerminal' | 'err' | 'now'>): Progress {
  let last = now()
  let isShown = false
  return {
    tell(doing, done, total) {
      const moment = now()
      if (moment - last < (isTerminal ? ON_TERMINAL : IN_LOG)) return
      last = moment
      const text = `gibbon: ${doing} ${done} of ${total}`
      err(isTerminal ? `\r\u001b[K${text}` : `${text}\n`)
      isShown = isTerminal
    },
    end() {
      if (isShown) err('\r\u001b[K')
      isShown = false
    },
  }
}
