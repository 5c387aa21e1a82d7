import type { Kit } from '../../pdk/kit.ts'

/** Milliseconds a client waits for the KV at most. */
const PATIENCE = 100

/** Milliseconds for which a KV that took longer is not asked, unless it answers after all. */
const AWAY = 1000

const SILENCE = 10_000

/** Does something with the KV; undefined when that failed, took too long, or did so just before. */
export type AskWithin = <T>(work: () => Promise<T>) => Promise<T | undefined>

/** Lets nobody wait for a KV that is away, and logs that it is, once in a while. */
export function createAskWithin({ after, runtime }: Pick<Kit, 'after' | 'runtime'>): AskWithin {
  let awayUntil = 0
  let silentUntil = 0
  const complain = (error: unknown): void => {
    const now = runtime.now()
    if (now < silentUntil) return
    silentUntil = now + SILENCE
    runtime.log('warn', 'Cannot keep answers in the KV', { error: String(error) })
  }

  return (work) => {
    if (runtime.now() < awayUntil) return Promise.resolve(undefined)
    return new Promise((resolve) => {
      const cancel = after(PATIENCE, () => {
        awayUntil = runtime.now() + AWAY
        complain(`no answer within ${PATIENCE} ms`)
        resolve(undefined)
      })
      const settle = (): void => {
        cancel()
        awayUntil = 0
      }
      work().then(
        (value) => {
          settle()
          resolve(value)
        },
        (error: unknown) => {
          settle()
          complain(error)
          resolve(undefined)
        },
      )
    })
  }
}
