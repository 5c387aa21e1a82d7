import type { Entity } from '../schema/entity.ts'
import type { EntityStore } from '../store/entity-store.ts'
import { crudResources, list } from './crud.ts'
import type { Desk } from './desk.ts'
import { json, message } from './reply.ts'
import type { Call, Resource } from './resource.ts'

/** The list of consumers can be asked for the one with a `custom_id` (admin-api §2.4). */
export function consumerResources(consumer: Entity, desk: Desk): Resource[] {
  return crudResources(consumer, desk).map((resource) =>
    resource.pattern === '/consumers'
      ? { ...resource, handlers: { ...resource.handlers, GET: (call) => page(call) } }
      : resource,
  )

  function page(call: Call) {
    const asked = call.query.first('custom_id')
    return asked === undefined ? list(consumer, desk.store, call) : only(desk.store, asked)
  }
}

function only(store: EntityStore, customId: string | true) {
  if (customId === '' || customId === true) {
    return message(400, 'custom_id must be an unempty string')
  }
  const row = store.getBy('consumers', 'custom_id', customId)
  return json({ data: row === undefined ? [] : [row], next: null })
}
