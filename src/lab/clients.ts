import { arrivalsOf } from './arrivals.ts'
import { createDice } from './dice.ts'
import type { EventQueue } from './event-queue.ts'
import type { ClosedLoad, OpenLoad, Scenario } from './scenario.ts'

/** What clients live in. */
export interface ClientWorld {
  readonly clock: { readonly now: number }
  readonly events: EventQueue
  /** Sends a request; calls back when it has ended. */
  readonly launch: (ended: (failed: boolean) => void) => void
}

/** Has the clients of a scenario send their requests until its time is over. */
export function startClients({ load, seed, duration }: Scenario, world: ClientWorld): void {
  if (load.kind === 'open') startOpen(load, { seed, duration, world })
  else startClosed(load, { duration, world })
}

function startOpen(
  load: OpenLoad,
  { seed, duration, world }: { seed: number; duration: number; world: ClientWorld },
): void {
  const nextAt = arrivalsOf(load, createDice(seed, 'arrivals'))
  const follow = () => {
    const at = nextAt()
    if (at >= duration) return
    world.events.add(at, () => {
      world.launch(ignore)
      follow()
    })
  }
  follow()
}

const ignore = () => {}

function startClosed(
  { clients, pause, pauseAfterFailure }: ClosedLoad,
  { duration, world: { clock, events, launch } }: { duration: number; world: ClientWorld },
): void {
  const next = () => launch(ended)
  const ended = (failed: boolean) => {
    const at = clock.now + (failed ? pauseAfterFailure : pause)
    if (at < duration) events.add(at, next)
  }
  for (let client = 0; client < clients; client++) events.add(0, next)
}
