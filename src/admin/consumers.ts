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
    if (call.query.first('custom_id') === undefined) return list(consumer, desk.store, call)
    return only(desk.store, call.query.single('custom_id') ?? true)
  }
}

function only(store: EntityStore, customId: string | true) {
  if (customId === '' || customId === true) {
    // One without a value, one that comes twice and `custom_id[]` are no text to Kong.
    return message(400, 'custom_id must be an unempty string')
  }
  const row = store.getBy('consumers', 'custom_id', customId)
  return json({ data: row === undefined ? [] : [row], next: null })
}
