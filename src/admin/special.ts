import type { Entity } from '../schema/entity.ts'
import type { AdminOptions } from './admin.ts'
import type { Put } from './batch.ts'
import { certificateOfOwner } from './certificate-owners.ts'
import { type CertificateTables, certificateResources, putCertificate } from './certificates.ts'
import { consumerResources } from './consumers.ts'
import type { Desk } from './desk.ts'
import { linksOf, parentPattern } from './nested.ts'
import { pluginResources } from './plugins.ts'
import type { Resource } from './resource.ts'
import { targetResources } from './targets.ts'
import { healthResources } from './upstream-health.ts'

/** What is odd about some entities' routes; these stand in for those their definition makes. */
export function specialResources(options: AdminOptions, desk: Desk): readonly Resource[] {
  const { entities } = options.store
  const upstreams = tablesOf(entities, { upstream: 'upstreams', target: 'targets' })
  const certificates = tablesOf(entities, CERTIFICATES)
  const consumers = tablesOf(entities, { consumer: 'consumers' })
  const plugins = tablesOf(entities, { plugin: 'plugins' })
  return [
    ...(upstreams ? targetResources(upstreams, desk) : []),
    ...(upstreams ? healthResources(upstreams, options) : []),
    ...(certificates ? certificateResources(certificates, desk) : []),
    ...(certificates ? ownerResources(entities, certificates, desk) : []),
    ...(consumers ? consumerResources(consumers.consumer, desk) : []),
    ...(plugins ? pluginResources(plugins.plugin, options.plugins, desk) : []),
  ]
}

/** How a batch puts the entities whose Admin form is more than their row. */
export function specialPuts(entities: readonly Entity[]): ReadonlyMap<string, Put> {
  const tables = tablesOf(entities, CERTIFICATES)
  if (tables === undefined) return new Map()
  return new Map([['certificates', (draft, row) => putCertificate(draft, tables, row)]])
}

/** The certificate of each that may have one, but for the names that lead to it. */
function ownerResources(
  entities: readonly Entity[],
  tables: CertificateTables,
  desk: Desk,
): readonly Resource[] {
  return linksOf(entities)
    .filter(({ child, parent }) => parent === tables.certificate && child !== tables.sni)
    .map((link) => ({
      pattern: parentPattern(link),
      handlers: certificateOfOwner(link, tables, desk),
    }))
}

const CERTIFICATES = { certificate: 'certificates', sni: 'snis' } as const

/** The entities of these names; undefined when this build lacks one. */
function tablesOf<K extends string>(
  entities: readonly Entity[],
  names: Readonly<Record<K, string>>,
): Readonly<Record<K, Entity>> | undefined {
  const found = Object.entries<string>(names).flatMap(([key, name]) => {
    const entity = entities.find((entity) => entity.name === name)
    return entity === undefined ? [] : [[key, entity] as const]
  })
  if (found.length < Object.keys(names).length) return undefined
  return Object.fromEntries(found) as Record<K, Entity> // every name was found
}
