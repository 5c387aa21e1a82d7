import type { Plugin } from '../pdk/plugin.ts'
import { describeSubschema } from '../schema/describe.ts'
import type { Entity } from '../schema/entity.ts'
import { itemHandlers } from './crud.ts'
import type { Desk } from './desk.ts'
import { locate } from './lookup.ts'
import { json, message, NOT_FOUND } from './reply.ts'
import type { Resource } from './resource.ts'

/** What `/plugins` has beyond the routes of any entity (admin-api §1.4, §4.2). */
export function pluginResources(
  entity: Entity,
  plugins: readonly Plugin[],
  desk: Desk,
): Resource[] {
  const handlers = itemHandlers(entity, desk)
  return [
    {
      pattern: '/plugins/enabled',
      handlers: { GET: () => json({ enabled_plugins: plugins.map(({ name }) => name) }) },
    },
    {
      pattern: '/plugins/schema/{name}',
      handlers: {
        GET(call) {
          const name = call.param('name')
          const plugin = plugins.find((plugin) => plugin.name === name)
          if (plugin === undefined) return message(404, `No plugin named '${name}'`)
          const { fields, entity_checks: entityChecks = [] } = plugin.config
          return json(describeSubschema({ fields, entityChecks }))
        },
      },
    },
    {
      pattern: '/plugins/{plugins}',
      handlers: {
        ...handlers,
        // Kong reads the plugin first, to type what was sent, so its absence has no code.
        PATCH: (call) =>
          locate(desk.store, entity, call.param('plugins')) === undefined
            ? NOT_FOUND
            : handlers.PATCH(call),
      },
    },
  ]
}
