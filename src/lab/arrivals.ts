import type { Dice } from './dice.ts'
import type { OpenLoad } from './scenario.ts'

/** Makes what gives the moment of each next request, in milliseconds; never, once none comes. */
export function arrivalsOf({ arrivals, steps }: OpenLoad, dice: Dice): () => number {
  let now = 0
  let index = 0
  let step = 0

  return () => {
    // How much of the load goes by until the next one: one request's worth, or so.
    let left = arrivals === 'even' ? 1 : -Math.log(dice(index))
    index++
    for (; step < steps.length; step++) {
      const perMillisecond = (steps[step]?.perSecond ?? 0) / 1_000
      const end = steps[step + 1]?.from ?? Number.POSITIVE_INFINITY
      const passes = perMillisecond * (end - now)
      if (perMillisecond > 0 && passes >= left) {
        now += left / perMillisecond
        return now
      }
      left -= perMillisecond > 0 ? passes : 0
      now = end
    }
    return Number.POSITIVE_INFINITY
  }
}
