import type { Entity, Row } from '../schema/entity.ts'
import { entityErrors } from '../schema/entity-error.ts'
import type { EntityStore } from '../store/entity-store.ts'
import { type Desk, inputOf } from './crud.ts'
import { forced, locate } from './lookup.ts'
import { childPage } from './nested.ts'
import { DEFAULT_SIZE, envelope, MAX_SIZE, parseNumber } from './paging.ts'
import type { Query } from './query.ts'
import { json, NO_CONTENT, NOT_FOUND, type Reply } from './reply.ts'
import type { Call, Handler, Resource } from './resource.ts'

/** The two tables of an upstream's pages. */
export interface UpstreamTables {
  readonly upstream: Entity
  readonly target: Entity
}

const COLLECTION = '/upstreams/{upstreams}/targets'

/** Targets under their upstream: a list order, paging and PUT of their own (admin-api §4.5). */
export function targetResources(tables: UpstreamTables, desk: Desk): Resource[] {
  const { store, writes } = desk
  const { upstream, target } = tables
  const under = (handler: (call: Call, row: Row) => ReturnType<Handler>) =>
    withUpstream(upstream, store, handler)
  return [
    {
      pattern: COLLECTION,
      handlers: {
        GET: under((call, { id }) => targetPage(activeTargets(store, id), call)),
        POST: under(async ({ payload }, { id }) => {
          const input = { ...inputOf(payload, target), upstream: { id } }
          return json(await writes.insert(target, input), 201)
        }),
      },
    },
    {
      pattern: `${COLLECTION}/all`,
      handlers: {
        GET: under((call, { id }) => childPage(store, target, { field: 'upstream', id }, call)),
      },
    },
    { pattern: `${COLLECTION}/{targets}`, handlers: itemHandlers(tables, desk) },
  ]
}

/** Kong: PUT changes like PATCH and never creates; decK takes its 404 and then POSTs. */
function itemHandlers(tables: UpstreamTables, { store, writes }: Desk): Resource['handlers'] {
  const under = (handler: (call: Call, row: Row) => ReturnType<Handler>): Handler =>
    withUpstream(tables.upstream, store, (call, upstream) => {
      const row = targetAt(store, upstream.id, call.param('targets'))
      return row === undefined ? NOT_FOUND : handler(call, row)
    })
  const update = under(async ({ payload }, row) => {
    const patch = forced(inputOf(payload, tables.target), {})
    return json(await writes.update(tables.target, row, patch, { field: 'id', value: row.id }))
  })
  return {
    GET: under((_call, row) => json(row)),
    PUT: update,
    PATCH: update,
    DELETE: under(async (_call, row) => {
      await writes.remove(tables.target, row, { field: 'id', value: row.id })
      return NO_CONTENT
    }),
  }
}

/** A handler that is given the upstream its path names, behind a 404 for none. */
export function withUpstream(
  upstream: Entity,
  store: EntityStore,
  handler: (call: Call, row: Row) => ReturnType<Handler>,
): Handler {
  return (call) => {
    const row = locate(store, upstream, call.param('upstreams'))
    return row === undefined ? NOT_FOUND : handler(call, row)
  }
}

/** The target of this upstream that the segment names by id or by its canonical text. */
export function targetAt(store: EntityStore, upstreamId: string, segment: string): Row | undefined {
  return store.find('targets', segment, { field: 'upstream', id: upstreamId })
}

/** Newest first, one for each canonical text. */
export function activeTargets(store: EntityStore, upstreamId: string): Row[] {
  const seen = new Set<unknown>()
  return targetsOf(store, upstreamId)
    .sort((a, b) => Number(b.created_at) - Number(a.created_at) || (a.id < b.id ? -1 : 1))
    .filter(({ target }) => !seen.has(target) && seen.add(target))
}

function targetsOf(store: EntityStore, id: string): Row[] {
  const found: Row[] = []
  let after: string | undefined
  do {
    const { rows, last } = store.page('targets', {
      size: MAX_SIZE,
      within: { field: 'upstream', id },
      ...(after === undefined ? {} : { after }),
    })
    found.push(...rows)
    after = last
  } while (after !== undefined)
  return found
}

/** Kong counts the offset of this list in targets, and forgives sizes. */
export function targetPage(
  targets: readonly Row[],
  call: Call,
  extra: Readonly<Record<string, unknown>> = {},
  show: (row: Row) => unknown = (row) => row,
): Reply {
  const start = startOf(call.query)
  const end = start + lenientSize(call.query)
  const offset = end < targets.length ? String(end) : undefined
  const data = targets.slice(start, end).map(show)
  return json({ ...envelope(data, offset, { ...call, repeat: [] }), ...extra })
}

function lenientSize(query: Query): number {
  const text = query.single('size')
  const size = typeof text === 'string' ? parseNumber(text) : undefined
  return Math.floor(Math.min(Math.max(size ?? DEFAULT_SIZE, 0), MAX_SIZE))
}

function startOf(query: Query): number {
  const text = query.single('offset')
  if (text === undefined) return 0
  if (text !== true && /^\d{1,15}$/.test(text)) return Number(text)
  throw entityErrors.invalidOffset(text === true ? '' : text, 'expected a number')
}
