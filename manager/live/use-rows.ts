import { useMemo, useRef } from 'hono/jsx/dom'
import type { Row } from '../api.ts'
import { type Figures, figuresOf, type Sample, sampleOf, withSample } from './figures.ts'
import { type LiveTarget, readTargets } from './read-targets.ts'
import { type Event, nextProbe, type Standing, standingOf } from './standing.ts'

/** All that is shown of a target at one moment. */
export interface LiveRow {
  readonly live: LiveTarget
  readonly figures: Figures
  readonly standing: Standing
  readonly next: string | undefined
  /** Its place, which gives it its colour. */
  readonly at: number
}

const UNKNOWN: Figures = {
  share: undefined,
  perSecond: 0,
  errorRatio: undefined,
  p50: undefined,
  p99: undefined,
  latencies: [],
}

/** Keeps what came before, and tells by that what goes on. */
export function useRows(
  answer: unknown,
  known: { readonly events: readonly Event[]; readonly upstream: Row },
): readonly LiveRow[] {
  const samples = useRef<readonly Sample[]>([])
  const seen = useRef<unknown>(undefined)
  const { events, upstream } = known
  return useMemo(() => {
    const targets = sorted(readTargets(answer))
    const now = Date.now()
    if (answer !== undefined && answer !== seen.current) {
      samples.current = withSample(samples.current ?? [], sampleOf(targets, now))
      seen.current = answer
    }
    const figures = figuresOf(samples.current ?? [])
    return targets.map((live, at) => ({
      live,
      at,
      figures: figures.get(live.id) ?? UNKNOWN,
      standing: standingOf(live, events),
      next: nextProbe(live, { events, upstream, now: now / 1000 }),
    }))
  }, [answer, events, upstream])
}

/** In an order that stays. */
function sorted(targets: readonly LiveTarget[]): readonly LiveTarget[] {
  return [...targets].sort((a, b) => (a.target < b.target ? -1 : 1))
}
