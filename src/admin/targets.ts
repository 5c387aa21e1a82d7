import type { Entity, Row } from '../schema/entity.ts'
import { entityErrors } from '../schema/entity-error.ts'
import type { EntityStore } from '../store/entity-store.ts'
import type { Reads } from '../store/reads.ts'
import { itemReply, judging, readReply } from './conditions.ts'
import { inputOf, patch } from './crud.ts'
import type { Desk } from './desk.ts'
import { locate } from './lookup.ts'
import { childPage } from './nested.ts'
import { DEFAULT_SIZE, envelope, MAX_SIZE, numberIn } from './paging.ts'
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
export function targetResources({ upstream, target }: UpstreamTables, desk: Desk): Resource[] {
  const { store, write } = desk
  const under = (handler: (call: Call, row: Row) => ReturnType<Handler>) =>
    withUpstream(upstream, store, handler)
  return [
    {
      pattern: COLLECTION,
      handlers: {
        GET: under((call, { id }) => targetPage(activeTargets(store, id), call)),
        POST: (call) =>
          write(call, async (draft) => {
            const row = locate(draft, upstream, call.param('upstreams'))
            if (row === undefined) return NOT_FOUND
            const input = { ...inputOf(call.payload, target), upstream: { id: row.id } }
            return itemReply(await draft.insert(target.name, input), 201)
          }),
      },
    },
    {
      pattern: `${COLLECTION}/all`,
      handlers: {
        GET: under((call, { id }) => childPage(store, target, { field: 'upstream', id }, call)),
      },
    },
    {
      pattern: `${COLLECTION}/{targets}`,
      handlers: itemHandlers({ upstream, target }, desk),
    },
  ]
}

/** Kong: PUT changes like PATCH and never creates; decK takes its 404 and then POSTs. */
function itemHandlers({ upstream, target }: UpstreamTables, desk: Desk): Resource['handlers'] {
  const { store, write } = desk
  const rowIn = (rows: Reads, call: Call) => {
    const parent = locate(rows, upstream, call.param('upstreams'))
    return parent === undefined ? undefined : targetAt(rows, parent.id, call.param('targets'))
  }
  const update: Handler = (call) =>
    write(call, async (draft) => {
      const row = rowIn(draft, call)
      return row === undefined ? NOT_FOUND : patch(draft, { call, entity: target, row })
    })
  return {
    GET(call) {
      const row = rowIn(store, call)
      return row === undefined ? NOT_FOUND : readReply(call, row)
    },
    PUT: update,
    PATCH: update,
    DELETE: (call) =>
      write(call, async (draft) => {
        const row = rowIn(draft, call)
        if (row === undefined) return NOT_FOUND
        await draft.remove(target.name, row.id, judging(call))
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
export function targetAt(rows: Reads, upstreamId: string, segment: string): Row | undefined {
  return rows.find('targets', segment, { field: 'upstream', id: upstreamId })
}

/** Newest first and of one moment the last by id, one for each canonical text. */
export function activeTargets(rows: Reads, upstreamId: string): Row[] {
  const seen = new Set<unknown>()
  return [...rows.children('targets', 'upstream', upstreamId)]
    .sort((a, b) => Number(b.created_at) - Number(a.created_at) || (a.id < b.id ? 1 : -1))
    .filter(({ target }) => !seen.has(target) && seen.add(target))
}

/** Kong counts the offset of this list in targets, and forgives sizes that are numbers. */
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
  if (text === undefined) return DEFAULT_SIZE
  return Math.floor(Math.min(Math.max(numberIn(text), 0), MAX_SIZE))
}

function startOf(query: Query): number {
  const text = query.single('offset')
  if (text === undefined) return 0
  if (text !== true && /^\d{1,15}$/.test(text)) return Number(text)
  throw entityErrors.invalidOffset(text === true ? '' : text, 'expected a number')
}
