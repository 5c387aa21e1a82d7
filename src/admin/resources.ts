import { contextOf } from '../schema/context.ts'
import type { Entity } from '../schema/entity.ts'
import type { AdminOptions } from './admin.ts'
import { configResources, EMPTY_HASH, type LoadedConfig } from './config.ts'
import { crudResources, type Desk } from './crud.ts'
import { informationResources } from './information.ts'
import { linkResources, linksOf } from './nested.ts'
import type { Resource } from './resource.ts'
import { schemaResources } from './schemas.ts'
import { tagResources } from './tags.ts'
import { targetResources } from './targets.ts'
import { unavailableResources } from './unavailable.ts'
import { healthResources } from './upstream-health.ts'
import { refusingWrites, storeWrites } from './writes.ts'

/** Every resource of the Admin API, special ones before those an entity's definition makes. */
export function allResources(
  options: AdminOptions,
  patterns: () => readonly string[],
): readonly Resource[] {
  const { store, settings, runtime } = options
  const databaseless = settings.database === 'off'
  const context = () => contextOf(runtime)
  const desk: Desk = {
    store,
    writes: databaseless ? refusingWrites(context) : storeWrites(store),
    newId: () => runtime.uuid(),
  }
  const loaded: LoadedConfig = { hash: options.configurationHash ?? EMPTY_HASH }
  return [
    ...informationResources({ ...options, loaded, patterns }),
    ...configResources({ store, loaded, databaseless, context }),
    ...schemaResources(store.entities, context),
    ...tagResources(store),
    ...upstreamResources(options, desk),
    ...store.entities.flatMap((entity) => crudResources(entity, desk)),
    ...linksOf(store.entities).flatMap((link) => linkResources(link, desk)),
    ...unavailableResources,
  ]
}

function upstreamResources(options: AdminOptions, desk: Desk): readonly Resource[] {
  const [upstream, target] = ['upstreams', 'targets'].map((name) =>
    options.store.entities.find((entity: Entity) => entity.name === name),
  )
  if (upstream === undefined || target === undefined) return []
  const tables = { upstream, target }
  return [...targetResources(tables, desk), ...healthResources(tables, options)]
}
