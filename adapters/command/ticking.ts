import type { Gateway } from '../../src/gateway.ts'
import type { Runtime } from '../../src/ports/runtime.ts'

/** A clock that runs until it is stopped. */
export interface Ticking {
  /** Ticks now: something is known to be due. */
  wake(): void
  stop(): void
}

/** How long a health check that was just configured may wait for its first tick, in ms. */
const LONGEST_PAUSE = 250
const SHORTEST_PAUSE = 10

/** Calls `gateway.tick` as often as it asks for; one that fails is logged and tried again. */
export function keepTicking(gateway: Gateway, runtime: Runtime): Ticking {
  let timer: ReturnType<typeof setTimeout> | undefined
  let stopped = false
  let ticking = false
  let woken = false

  const tick = async (): Promise<void> => {
    let pause = LONGEST_PAUSE
    ticking = true
    woken = false
    try {
      pause = await gateway.tick(runtime.now())
    } catch (error) {
      runtime.log('error', 'tick failed', { error })
    }
    ticking = false
    if (woken) pause = 0
    else pause = Math.min(Math.max(pause, SHORTEST_PAUSE), LONGEST_PAUSE)
    if (!stopped) timer = setTimeout(tick, pause)
  }
  timer = setTimeout(tick, 0)

  return {
    wake() {
      woken = true
      if (ticking || stopped) return
      clearTimeout(timer)
      timer = setTimeout(tick, 0)
    },
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}
