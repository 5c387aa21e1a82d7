import { schemaOnlyEntities } from '../entities/all.ts'
import { contextOf } from '../schema/context.ts'
import type { Entity } from '../schema/entity.ts'
import type { AdminOptions } from './admin.ts'
import { batchResources } from './batch.ts'
import { cacheResources } from './cache.ts'
import { configResources } from './config.ts'
import { configTextResource } from './config-text.ts'
import { crudResources } from './crud.ts'
import { createDesk, type Desk } from './desk.ts'
import { explainResource } from './explain.ts'
import { informationResources } from './information.ts'
import { logLevelResources } from './log-level.ts'
import { linkResources, linksOf } from './nested.ts'
import { openApiResources } from './openapi.ts'
import { pluginPages } from './plugin-pages.ts'
import type { Resource } from './resource.ts'
import { revisionResources } from './revisions.ts'
import { schemaResources } from './schemas.ts'
import { sendResource } from './send.ts'
import { specialPuts, specialResources } from './special.ts'
import { tagResources } from './tags.ts'
import { unavailableResources } from './unavailable.ts'

/** Every resource of the Admin API, special ones before those an entity's definition makes. */
export function allResources(
  options: AdminOptions,
  patterns: () => readonly string[],
): readonly Resource[] {
  const { store, settings, runtime } = options
  const databaseless = settings.database === 'off'
  const context = () => contextOf(runtime)
  const desk = createDesk(store, { databaseless, newId: () => runtime.uuid() })
  const log = { databaseless, configured: settings.logLevel, control: runtime.logLevel }
  const resources = [
    ...informationResources({ ...options, patterns }),
    ...configResources({ store, databaseless, context }),
    ...schemaResources(describable(store.entities), context),
    ...tagResources(store),
    ...cacheResources(options),
    ...logLevelResources(log),
    explainResource(options),
    ...ownWays(options, databaseless),
    ...revisionResources(store, databaseless),
    ...batchResources({ desk, puts: specialPuts(store.entities) }),
    ...pluginPages(options),
    ...specialResources(options, desk),
    ...entityResources(store.entities, desk),
    ...unavailableResources,
  ]
  const { plugins } = options
  const described = { entities: store.entities, plugins, resources: () => resources }
  return [...openApiResources(described), ...resources]
}

/** Ours, and only where the gateway gives what they work with. */
function ownWays(
  { send, configText, store, runtime }: AdminOptions,
  databaseless: boolean,
): readonly Resource[] {
  return [
    ...(send === undefined ? [] : [sendResource({ send, runtime })]),
    ...(configText === undefined ? [] : [configTextResource({ configText, store, databaseless })]),
  ]
}

/** Entities with tables, and those there is only a schema of. */
function describable(entities: readonly Entity[]): readonly Entity[] {
  const names = new Set(entities.map(({ name }) => name))
  return [...entities, ...schemaOnlyEntities.filter(({ name }) => !names.has(name))]
}

function entityResources(entities: readonly Entity[], desk: Desk): readonly Resource[] {
  const routed = entities.filter(({ schemaOnly }) => schemaOnly !== true)
  return [
    ...routed.flatMap((entity) => crudResources(entity, desk)),
    ...linksOf(routed).flatMap((link) => linkResources(link, desk)),
  ]
}
