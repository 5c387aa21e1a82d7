import type { Balancers } from '../balancer/balancers.ts'
import { target } from '../entities/target.ts'
import { upstream } from '../entities/upstream.ts'
import { type Row, rowOf } from '../schema/entity.ts'
import type { EntityStore } from '../store/entity-store.ts'
import type { Change } from '../store/tables.ts'

/** Passes on the upstreams that changed, or whose targets did; there may be many others. */
export function updateBalancers(
  store: EntityStore,
  balancers: Balancers,
  changes: readonly Change[],
): void {
  const gone: string[] = []
  const kept = new Map<string, Row>()
  for (const id of touchedUpstreams(changes)) {
    const row = store.get('upstreams', id)
    if (row === undefined) gone.push(id)
    else kept.set(id, row)
  }
  // First those that go: another upstream may have their name now.
  for (const id of gone) balancers.update(id, undefined)
  for (const [id, row] of kept) {
    const targets = store.children('targets', 'upstream', id)
    balancers.update(id, {
      upstream: rowOf(upstream, row),
      targets: targets.map((one) => rowOf(target, one)),
    })
  }
}

function touchedUpstreams(changes: readonly Change[]): Set<string> {
  const touched = new Set<string>()
  for (const { entity, id, before, after } of changes) {
    if (entity === 'upstreams') touched.add(id)
    if (entity !== 'targets') continue
    for (const row of [before, after]) {
      if (row !== undefined) touched.add(rowOf(target, row).upstream.id)
    }
  }
  return touched
}
