import type { Entity, Row } from '../schema/entity.ts'
import { inferEntity } from '../schema/infer.ts'
import type { EntityStore } from '../store/entity-store.ts'
import type { Payload } from './body.ts'
import type { Members } from './form.ts'
import { absent, forced, type Key, keyOf, locate, rowAt } from './lookup.ts'
import { afterOf, envelope, packOffset, sizeOf } from './paging.ts'
import { json, NO_CONTENT, NOT_FOUND, type Reply } from './reply.ts'
import type { Call, Resource } from './resource.ts'
import { tagFilterOf } from './tag-filter.ts'
import type { Writes } from './writes.ts'

/** What entity routes work on. */
export interface Desk {
  readonly store: EntityStore
  readonly writes: Writes
  newId(): string
}

/** The routes an entity has of its own: its collection and its items. */
export function crudResources(entity: Entity, desk: Desk): Resource[] {
  const path = `/${entity.path ?? entity.name}`
  const disabled = entity.nestedOnly === true
  return [
    {
      pattern: path,
      disabled,
      handlers: {
        GET: (call) => list(entity, desk.store, call),
        POST: async ({ payload }) =>
          json(await desk.writes.insert(entity, inputOf(payload, entity)), 201),
      },
    },
    {
      pattern: `${path}/{${entity.name}}`,
      disabled,
      handlers: itemHandlers(entity, desk),
    },
  ]
}

/** A body as an entity's input: text of forms is typed by the entity's fields. */
export function inputOf(payload: Payload, entity: Entity): Members {
  if (payload.kind === 'yaml') return {}
  if (payload.kind === 'json') return payload.value
  return inferEntity(entity, payload.value) as Members // an object in, an object out
}

function list(entity: Entity, store: EntityStore, call: Call): Reply {
  const tags = tagFilterOf(call.query)
  const after = afterOf(call.query)
  const { rows, last } = store.page(entity.name, {
    size: sizeOf(call.query),
    ...(after === undefined ? {} : { after }),
    ...(tags === undefined ? {} : { tags }),
  })
  const offset = last === undefined ? undefined : packOffset([last])
  return json(envelope(rows, offset, { ...call, repeat: ['tags', 'size'] }))
}

function itemHandlers(entity: Entity, desk: Desk): Resource['handlers'] {
  const { store, writes } = desk
  return {
    GET(call) {
      const row = locate(store, entity, call.param(entity.name))
      return row === undefined ? NOT_FOUND : json(row)
    },
    async PUT(call) {
      const key = keyOf(entity, call.param(entity.name))
      return json(await put(entity, key, inputOf(call.payload, entity), desk))
    },
    async PATCH(call) {
      const key = keyOf(entity, call.param(entity.name))
      const row = rowAt(store, entity, key)
      if (row === undefined) throw absent(key)
      return json(await writes.update(entity, row, forced(inputOf(call.payload, entity), {}), key))
    },
    async DELETE(call) {
      const key = keyOf(entity, call.param(entity.name))
      const row = rowAt(store, entity, key)
      if (row !== undefined) await writes.remove(entity, row, key)
      return NO_CONTENT
    },
  }
}

/** Replaces or creates what the key names; the path's id or key wins over the body's. */
export function put(entity: Entity, key: Key, input: Members, desk: Desk): Promise<Row> {
  const id = rowAt(desk.store, entity, key)?.id ?? newIdFor(key, desk)
  const members = key.field === 'id' ? { id } : { id, [key.field]: key.value }
  return desk.writes.upsert(entity, id, forced(input, members), key)
}

/** Ids are kept in lower case, as PostgreSQL keeps Kong's. */
function newIdFor(key: Key, desk: Desk): string {
  return key.field === 'id' ? key.value.toLowerCase() : desk.newId()
}
