import type { Entity, Row } from '../schema/entity.ts'
import { inferEntity } from '../schema/infer.ts'
import type { Draft } from '../store/draft.ts'
import type { EntityStore } from '../store/entity-store.ts'
import type { Payload } from './body.ts'
import { itemReply, judge, judging, readReply } from './conditions.ts'
import type { Desk } from './desk.ts'
import type { Members } from './form.ts'
import { absent, forced, type Key, keyOf, locate, rowAt } from './lookup.ts'
import { afterOf, envelope, packOffset, parseNumber, sizeOf } from './paging.ts'
import { json, NO_CONTENT, NOT_FOUND, type Reply } from './reply.ts'
import type { Call, Resource } from './resource.ts'
import { tagFilterOf, tagsIn } from './tag-filter.ts'

/** The routes an entity has of its own: its collection and its items. */
export function crudResources(entity: Entity, desk: Desk): Resource[] {
  const path = `/${entity.path ?? entity.name}`
  const disabled = entity.nestedOnly === true
  return [
    { pattern: path, disabled, handlers: collectionHandlers(entity, desk) },
    { pattern: `${path}/{${entity.name}}`, disabled, handlers: itemHandlers(entity, desk) },
  ]
}

function collectionHandlers(entity: Entity, desk: Desk): Resource['handlers'] {
  return {
    GET: (call) => list(entity, desk.store, call),
    POST: (call) =>
      desk.write(call, async (draft) =>
        itemReply(await draft.insert(entity.name, inputOf(call.payload, entity)), 201),
      ),
  }
}

/** A body as an entity's input: text of forms is typed by the fields, for a PATCH those of the row. */
export function inputOf(payload: Payload, entity: Entity, current?: Row): Members {
  if (payload.kind === 'yaml') return {}
  if (payload.kind === 'json') return withLifetime(payload.value, entity)
  return inferEntity(entity, payload.value, current) as Members // an object in, an object out
}

/** Kong: the option `ttl` may be a number's text in JSON too, unlike any field. */
function withLifetime(value: Members, entity: Entity): Members {
  if (entity.ttl !== true || !Object.hasOwn(value, 'ttl') || typeof value.ttl !== 'string') {
    return value
  }
  return { ...value, ttl: parseNumber(value.ttl) ?? value.ttl }
}

/** A page of a table; `show` may tell more of a row than is stored. */
export function list(
  entity: Entity,
  store: EntityStore,
  call: Call,
  show: (row: Row) => Row = (row) => row,
): Reply {
  // In Kong's order: of several that are wrong, the first is told.
  const asked = tagsIn(call.query)
  const size = sizeOf(call.query)
  const tags = asked === undefined ? {} : { tags: tagFilterOf(asked) }
  const after = afterOf(call.query)
  const { rows, last } = store.page(entity.name, {
    size,
    ...(after === undefined ? {} : { after }),
    ...tags,
  })
  const offset = last === undefined ? undefined : packOffset([last])
  return json(envelope(rows.map(show), offset, { ...call, repeat: ['tags', 'size'] }))
}

/** The verbs of one row, by its id or endpoint key. */
export function itemHandlers(entity: Entity, desk: Desk) {
  const { store, write, newId } = desk
  const keyIn = (call: Call) => keyOf(entity, call.param(entity.name))
  return {
    GET(call) {
      const row = locate(store, entity, call.param(entity.name))
      return row === undefined ? NOT_FOUND : readReply(call, row)
    },
    PUT(call) {
      const key = keyIn(call)
      const input = inputOf(call.payload, entity)
      const work = async (draft: Draft) =>
        itemReply(await put(draft, { call, entity, key, input, newId }))
      return write(call, work, key)
    },
    PATCH(call) {
      const key = keyIn(call)
      const work = async (draft: Draft) => {
        const row = rowAt(draft, entity, key)
        if (row === undefined) throw absent(key)
        return patch(draft, { call, entity, row })
      }
      return write(call, work, key)
    },
    DELETE(call) {
      const key = keyIn(call)
      const work = async (draft: Draft) => {
        const row = rowAt(draft, entity, key)
        if (row === undefined) judge(call, row)
        else await draft.remove(entity.name, row.id, judging(call))
        return NO_CONTENT
      }
      return write(call, work, key)
    },
  } satisfies Resource['handlers']
}

/** A row to be made or replaced. */
export interface Putting {
  readonly call: Call
  readonly entity: Entity
  readonly key: Key
  /** The row the key names, where it is not found by it alone. */
  readonly row?: Row | undefined
  readonly input: Members
  newId(): string
}

/** Replaces or creates what the key names; the path's id or key wins over the body's. */
export async function put(draft: Draft, putting: Putting): Promise<Row> {
  const { call, entity, key, input, newId } = putting
  const row = 'row' in putting ? putting.row : rowAt(draft, entity, key)
  // Ids are kept in lower case, as PostgreSQL keeps Kong's.
  const id = row?.id ?? (key.field === 'id' ? key.value.toLowerCase() : newId())
  const upsert = (id: string) => {
    const members = key.field === 'id' ? { id } : { id, [key.field]: key.value }
    return draft.upsert(entity.name, id, forced(input, members), judging(call))
  }
  if (row !== undefined || key.field !== entity.endpointKey) return upsert(id)
  try {
    return await upsert(id)
  } catch (error) {
    // Another has made it by the same name meanwhile: then it is theirs that is replaced.
    const made = rowAt(draft, entity, key)
    if (made === undefined) throw error
    return upsert(made.id)
  }
}

/** Changes a row as the body says; an id in it is nothing. `members` stand unless the body has them. */
export async function patch(
  draft: Draft,
  { call, entity, row }: { readonly call: Call; readonly entity: Entity; readonly row: Row },
  members: Members = {},
): Promise<Reply> {
  const input = forced({ ...members, ...inputOf(call.payload, entity, row) }, {})
  return itemReply(await draft.update(entity.name, row.id, input, judging(call)))
}
