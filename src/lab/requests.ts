import { createDice } from './dice.ts'
import { keyOf } from './distributions.ts'
import type { Recorder } from './figures.ts'
import type { Sender } from './network.ts'
import type { Scenario } from './scenario.ts'
import { KEY_HEADER, type Send } from './sending.ts'
import type { Stillness } from './stillness.ts'

/** A request sent to a target. */
export interface Try {
  /** Milliseconds from the start. */
  readonly at: number
  readonly request: number
  readonly key: number
  readonly target: string
}

/** What requests live in. */
export interface RequestWorld {
  readonly clock: { readonly now: number }
  readonly stillness: Stillness
  readonly recorder: Recorder
  /** The targets' places by address. */
  readonly places: ReadonlyMap<string, number>
  readonly onTry: ((sent: Try) => void) | undefined
}

/** The requests of a run, those of the past forgotten. */
export interface Requests {
  /** How many are under way. */
  readonly live: number
  /** The one that is awake. */
  current(): Sender
  /** Sends the next one; calls back when it has ended. */
  launch(send: Send, ended: (failed: boolean) => void): void
}

/** Makes requests, one after another. */
export function createRequests({ seed, keys }: Scenario, world: RequestWorld): Requests {
  const dice = createDice(seed, 'keys')
  const draw = keyOf(keys)
  let current: Sender = NOBODY
  let live = 0
  let launched = 0

  return {
    get live() {
      return live
    },
    current: () => current,
    launch(send, ended) {
      const index = launched++
      const { clock, stillness, recorder } = world
      const at = clock.now
      const key = draw(dice(index))
      current = new Request(index, key, world, (self) => {
        current = self
      })
      live++
      stillness.wake()
      send([KEY_HEADER, `key ${key}`]).then((status) => {
        live--
        const failed = status >= 500
        recorder.ended(at, clock.now - at, failed)
        ended(failed)
        stillness.sleep()
      }, stillness.fail)
    },
  }
}

const NOBODY: Sender = { index: 0, key: undefined, turn: () => 0, sleep() {}, wake() {} }

/** One request as the network sees it. */
class Request implements Sender {
  readonly index: number
  readonly key: number
  readonly #world: RequestWorld
  readonly #awoke: (self: Request) => void
  #tries = 0
  #place = -1

  constructor(index: number, key: number, world: RequestWorld, awoke: (self: Request) => void) {
    this.index = index
    this.key = key
    this.#world = world
    this.#awoke = awoke
  }

  turn(address: string): number {
    const { clock, recorder, places, onTry } = this.#world
    this.#place = places.get(address) ?? -1
    recorder.tried(clock.now, this.#place, this.#tries > 0)
    onTry?.({ at: clock.now, request: this.index, key: this.key, target: address })
    return this.#tries++
  }

  sleep(): void {
    this.#world.stillness.sleep()
  }

  wake(fromCache: boolean): void {
    const { clock, recorder, stillness } = this.#world
    recorder.answered(clock.now, this.#place, fromCache)
    this.#awoke(this)
    stillness.wake()
  }
}
