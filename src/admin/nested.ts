import { isUuid } from '../lib/uuid.ts'
import type { Entity, Row } from '../schema/entity.ts'
import type { Draft } from '../store/draft.ts'
import type { EntityStore } from '../store/entity-store.ts'
import type { Reads } from '../store/reads.ts'
import { itemReply, judging, readReply } from './conditions.ts'
import { inputOf, patch, put } from './crud.ts'
import type { Desk } from './desk.ts'
import { foreignIdOf, type Key, keyOf, locate, rowAt } from './lookup.ts'
import { afterOf, envelope, packOffset, sizeOf } from './paging.ts'
import { parentHandlers } from './parent.ts'
import { json, NO_CONTENT, NOT_FOUND, type Reply } from './reply.ts'
import type { Call, Resource, Verb } from './resource.ts'

/** One foreign field, and the entities it joins. */
export interface Link {
  readonly child: Entity
  readonly field: string
  readonly parent: Entity
}

/** Every foreign field between these entities. */
export function linksOf(entities: readonly Entity[]): Link[] {
  return entities.flatMap((child) =>
    Object.entries(child.fields).flatMap(([field, { type, reference }]) => {
      const parent = entities.find(({ name }) => type === 'foreign' && name === reference)
      return parent === undefined ? [] : [{ child, field, parent }]
    }),
  )
}

/** The routes of a link: children under their parent, and the parent under its child. */
export function linkResources(link: Link, desk: Desk): Resource[] {
  const { child, parent } = link
  const children = `/${pathOf(parent)}/{${parent.name}}/${child.nestedPath ?? pathOf(child)}`
  return [
    { pattern: children, handlers: collectionHandlers(link, desk) },
    { pattern: `${children}/{${child.name}}`, handlers: childHandlers(link, desk) },
    {
      pattern: parentPattern(link),
      disabled: child.nestedOnly === true,
      handlers: parentHandlers(link, desk),
    },
  ]
}

/** Where a child's parent is found. */
export function parentPattern({ child, field }: Link): string {
  return `/${pathOf(child)}/{${child.name}}/${field}`
}

function pathOf(entity: Entity): string {
  return entity.path ?? entity.name
}

function collectionHandlers(link: Link, desk: Desk): Resource['handlers'] {
  const { child, field } = link
  return withParent(link, desk, {
    GET: (call, { id }) => childPage(desk.store, child, { field, id }, call),
    async POST(call, { id }, draft) {
      const input = { ...inputOf(call.payload, child), [field]: { id } }
      return itemReply(await draft.insert(child.name, input), 201)
    },
  })
}

/** A page of one parent's children; Kong repeats neither size nor tags in its `next`. */
export function childPage(
  store: EntityStore,
  child: Entity,
  within: { readonly field: string; readonly id: string },
  call: Call,
): Reply {
  // In Kong's order: of several that are wrong, the first is told.
  const size = sizeOf(call.query)
  const after = afterOf(call.query)
  const { rows, last } = store.page(child.name, {
    size,
    within,
    ...(after === undefined ? {} : { after }),
  })
  const offset = last === undefined ? undefined : packOffset([last])
  return json(envelope(rows, offset, { ...call, repeat: [] }))
}

function childHandlers(link: Link, desk: Desk): Resource['handlers'] {
  const { child, field } = link
  return withParent(link, desk, {
    GET(call, parent) {
      const { row } = childAt(link, desk.store, { call, parent })
      return row === undefined ? NOT_FOUND : readReply(call, row)
    },
    async PUT(call, parent, draft) {
      const { key, row: ours } = childAt(link, draft, { call, parent })
      const row = ours ?? rowByKey(draft, child, key)
      const sent = inputOf(call.payload, child)
      const { newId } = desk
      // Kong: a nested key only finds the row; in the body it may be another, left out it is this.
      const named = key.field === child.nestedKey
      const own = named ? { [key.field]: key.value } : {}
      const input = { ...own, ...sent, [field]: { id: parent.id } }
      const at = named ? { field: 'id', value: row?.id ?? newId() } : key
      return itemReply(await put(draft, { call, entity: child, key: at, row, input, newId }))
    },
    async PATCH(call, parent, draft) {
      const { row } = childAt(link, draft, { call, parent })
      if (row === undefined) return NOT_FOUND
      // Kong: the parent in the path is in scope, as a password's consumer must be.
      return patch(draft, { call, entity: child, row }, { [field]: { id: parent.id } })
    },
    async DELETE(call, parent, draft) {
      const { row } = childAt(link, draft, { call, parent })
      if (row === undefined) return NOT_FOUND
      await draft.remove(child.name, row.id, judging(call))
      return NO_CONTENT
    },
  })
}

/** A child of another parent, which a PUT moves here; a nested key says nothing beyond its parent. */
function rowByKey(rows: Reads, child: Entity, key: Key): Row | undefined {
  return key.field === 'id' || key.field === child.endpointKey ? rowAt(rows, child, key) : undefined
}

type ReadHandler = (call: Call, parent: Row) => Reply
type WriteHandler = (call: Call, parent: Row, draft: Draft) => Promise<Reply>
type ParentedHandlers = { readonly GET: ReadHandler } & {
  readonly [V in Exclude<Verb, 'GET'>]?: WriteHandler
}

/** Handlers that are given the parent the path names, behind a 404 for none. */
function withParent(
  { parent, child }: Link,
  { store, write }: Desk,
  { GET, ...writers }: ParentedHandlers,
): Resource['handlers'] {
  const parentIn = (rows: Reads, call: Call) => locate(rows, parent, call.param(parent.name))
  const keyIn = (call: Call) => {
    const segment = call.find(child.name)
    const key = segment === undefined ? undefined : nestedKeyOf(child, segment)
    // Kong: what a nested key finds is written by its id.
    return key?.field === child.nestedKey ? undefined : key
  }
  const written = Object.entries(writers).map(([verb, handler]) => [
    verb,
    (call: Call) => {
      const work = async (draft: Draft) => {
        const row = parentIn(draft, call)
        return row === undefined ? NOT_FOUND : handler(call, row, draft)
      }
      return write(call, work, keyIn(call))
    },
  ])
  return {
    GET(call) {
      const row = parentIn(store, call)
      return row === undefined ? NOT_FOUND : GET(call, row)
    },
    ...Object.fromEntries(written),
  }
}

/** A segment under a parent: an id, or a value of the key that tells its children apart. */
function nestedKeyOf(child: Entity, segment: string): Key {
  const key = child.nestedKey === undefined ? undefined : { field: child.nestedKey, value: segment }
  return key === undefined || isUuid(segment) ? keyOf(child, segment) : key
}

/** The child the path names, when it is one of this parent's. */
function childAt(
  { child, field }: Link,
  rows: Reads,
  { call, parent }: { readonly call: Call; readonly parent: Row },
): { readonly key: Key; readonly row: Row | undefined } {
  const key = nestedKeyOf(child, call.param(child.name))
  if (key.field === child.nestedKey) {
    const siblings = rows.children(child.name, field, parent.id)
    return { key, row: siblings.find((row) => row[key.field] === key.value) }
  }
  const row = rowAt(rows, child, key)
  const isOurs = row !== undefined && foreignIdOf(row, field) === parent.id
  return { key, row: isOurs ? row : undefined }
}
