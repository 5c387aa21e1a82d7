import type { Entity, Row } from '../schema/entity.ts'
import type { EntityStore } from '../store/entity-store.ts'
import { type Desk, inputOf, put } from './crud.ts'
import { forced, foreignIdOf, type Key, keyOf, locate, rowAt } from './lookup.ts'
import { afterOf, envelope, packOffset, sizeOf } from './paging.ts'
import { json, message, NO_CONTENT, NOT_FOUND, type Reply } from './reply.ts'
import type { Call, Resource } from './resource.ts'

/** One foreign field, and the entities it joins. */
export interface Link {
  readonly child: Entity
  readonly field: string
  readonly parent: Entity
}

/** Every foreign field between entities of this build. */
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
  const { child, field, parent } = link
  const children = `/${pathOf(parent)}/{${parent.name}}/${pathOf(child)}`
  return [
    { pattern: children, handlers: collectionHandlers(link, desk) },
    { pattern: `${children}/{${child.name}}`, handlers: childHandlers(link, desk) },
    {
      pattern: `/${pathOf(child)}/{${child.name}}/${field}`,
      disabled: child.nestedOnly === true,
      handlers: parentHandlers(link, desk),
    },
  ]
}

function pathOf(entity: Entity): string {
  return entity.path ?? entity.name
}

function collectionHandlers({ child, field, parent }: Link, { store, writes }: Desk) {
  return withParent(
    { parent, store },
    {
      GET: (call, { id }) => childPage(store, child, { field, id }, call),
      async POST(call, { id }) {
        const input = { ...inputOf(call.payload, child), [field]: { id } }
        return json(await writes.insert(child, input), 201)
      },
    },
  )
}

/** A page of one parent's children; Kong repeats neither size nor tags in its `next`. */
export function childPage(
  store: EntityStore,
  child: Entity,
  within: { readonly field: string; readonly id: string },
  call: Call,
): Reply {
  const after = afterOf(call.query)
  const { rows, last } = store.page(child.name, {
    size: sizeOf(call.query),
    within,
    ...(after === undefined ? {} : { after }),
  })
  const offset = last === undefined ? undefined : packOffset([last])
  return json(envelope(rows, offset, { ...call, repeat: [] }))
}

function childHandlers(link: Link, desk: Desk): Resource['handlers'] {
  const { child, field, parent } = link
  const { store, writes } = desk
  return withParent(
    { parent, store },
    {
      GET(call, { id }) {
        const found = childAt(link, store, call, id)
        return found.row === undefined ? NOT_FOUND : json(found.row)
      },
      async PUT(call, { id }) {
        const key = keyOf(child, call.param(child.name))
        const input = { ...inputOf(call.payload, child), [field]: { id } }
        return json(await put(child, key, input, desk))
      },
      async PATCH(call, { id }) {
        const { key, row } = childAt(link, store, call, id)
        if (row === undefined) return NOT_FOUND
        return json(await writes.update(child, row, forced(inputOf(call.payload, child), {}), key))
      },
      async DELETE(call, { id }) {
        const { key, row } = childAt(link, store, call, id)
        if (row === undefined) return NOT_FOUND
        await writes.remove(child, row, key)
        return NO_CONTENT
      },
    },
  )
}

type ParentHandler = (call: Call, parent: Row) => Reply | Promise<Reply>

/** Handlers that are given the parent the path names, behind a 404 for none. */
function withParent(
  { parent, store }: { readonly parent: Entity; readonly store: EntityStore },
  handlers: Readonly<Record<string, ParentHandler>>,
): Resource['handlers'] {
  return Object.fromEntries(
    Object.entries(handlers).map(([verb, handler]) => [
      verb,
      (call: Call) => {
        const row = locate(store, parent, call.param(parent.name))
        return row === undefined ? NOT_FOUND : handler(call, row)
      },
    ]),
  )
}

/** The child the path names, when it is one of this parent's. */
function childAt(
  { child, field }: Link,
  store: EntityStore,
  call: Call,
  parentId: string,
): { readonly key: Key; readonly row: Row | undefined } {
  const key = keyOf(child, call.param(child.name))
  const row = rowAt(store, child, key)
  const isOurs = row !== undefined && foreignIdOf(row, field) === parentId
  return { key, row: isOurs ? row : undefined }
}

/** Kong: a parent may be read and changed through its child, but not deleted. */
function parentHandlers({ child, field, parent }: Link, desk: Desk): Resource['handlers'] {
  const { store, writes, newId } = desk
  const childOf = (call: Call) => locate(store, child, call.param(child.name))
  const parentOf = (row: Row | undefined) => {
    const id = row === undefined ? undefined : foreignIdOf(row, field)
    return id === undefined ? undefined : store.get(parent.name, id)
  }
  return {
    GET(call) {
      const row = parentOf(childOf(call))
      return row === undefined ? NOT_FOUND : json(row)
    },
    async PUT(call) {
      const row = childOf(call)
      if (row === undefined) return NOT_FOUND
      const id = parentOf(row)?.id
      const key = { field: 'id', value: id ?? newId() }
      const replaced = await put(parent, key, inputOf(call.payload, parent), desk)
      if (id === undefined) await linkTo(replaced, row)
      return json(replaced)
    },
    async PATCH(call) {
      const row = parentOf(childOf(call))
      if (row === undefined) return NOT_FOUND
      const patch = forced(inputOf(call.payload, parent), {})
      return json(await writes.update(parent, row, patch, { field: 'id', value: row.id }))
    },
    DELETE: (call) =>
      parentOf(childOf(call)) === undefined ? NOT_FOUND : message(405, 'Method not allowed'),
  }

  function linkTo(row: Row, of: Row): Promise<Row> {
    const key = { field: 'id', value: of.id }
    return writes.update(child, of, { [field]: { id: row.id } }, key)
  }
}
