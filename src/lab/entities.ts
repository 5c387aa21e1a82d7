import { type Target, target } from '../entities/target.ts'
import { type Upstream, upstream } from '../entities/upstream.ts'
import { rowOf } from '../schema/entity.ts'
import { rowForInsert } from '../schema/validate.ts'
import type { Scenario } from './scenario.ts'
import { KEY_HEADER } from './sending.ts'

/** The upstream's name; its targets' ports are all the usual one. */
export const UPSTREAM = 'lab'
export const UPSTREAM_ID = idOf(0, 0)
const PORT = 8000

/** What the Admin API would make of a scenario with one of its algorithms. */
export function upstreamOf({ slots, healthchecks }: Scenario, algorithm: string): Upstream {
  const hashes = algorithm === 'consistent-hashing'
  const hashing = hashes ? { hash_on: 'header', hash_on_header: KEY_HEADER } : {}
  const form = { id: UPSTREAM_ID, name: UPSTREAM, algorithm, slots, healthchecks, ...hashing }
  return rowOf(upstream, rowForInsert(upstream, form, context))
}

/** The targets there are at a moment. */
export function targetsAt({ targets }: Scenario, now: number): Target[] {
  return targets.flatMap(({ name, weight, joins, leaves }, i) => {
    if (now < joins || now >= leaves) return []
    const form = {
      id: idOf(1, i),
      target: addressOf(name),
      weight,
      upstream: { id: UPSTREAM_ID },
    }
    return [rowOf(target, rowForInsert(target, form, context))]
  })
}

/** Where a target is. */
export function addressOf(name: string): string {
  return `${name}:${PORT}`
}

const context = { now: 1_000, newId: () => idOf(9, 0), secret: () => '' }

function idOf(kind: number, index: number): string {
  return `${kind}0000000-0000-4000-8000-${String(index).padStart(12, '0')}`
}
