import type { Gateway } from '../../src/gateway.ts'
import type { Runtime } from '../../src/ports/runtime.ts'

/** A clock that runs until it is stopped. */
export interface Ticking {
  stop(): void
}

/** How long a health check that was just configured may wait for its first tick, in ms. */
const LONGEST_PAUSE = 250
const SHORTEST_PAUSE = 10

/** Calls `gateway.tick` as often as it asks for; one that fails is logged and tried again. */
export function keepTicking(gateway: Gateway, runtime: Runtime): Ticking {
  let timer: ReturnType<typeof setTimeout> | undefined
  let stopped = false

  const tick = async (): Promise<void> => {
    let pause = LONGEST_PAUSE
    try {
      pause = await gateway.tick(runtime.now())
    } catch (error) {
      runtime.log('error', 'tick failed', { error })
    }
    if (!stopped) timer = setTimeout(tick, Math.min(Math.max(pause, SHORTEST_PAUSE), LONGEST_PAUSE))
  }
  timer = setTimeout(tick, 0)

  return {
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}
