import type { Entity } from '../schema/entity.ts'
import { getOwn, isObject } from '../schema/field.ts'

/** The formats of a file; those before 3.0 write regex paths without their mark. */
export const FORMATS = ['1.1', '2.1', '3.0'] as const

/** What Kong's files may hold besides the entities there are here. */
const KONG_TABLES: ReadonlySet<string> = new Set(
  (
    'acls acme_storage basicauth_credentials ca_certificates certificates ' +
    'clustering_data_planes consumers filter_chains hmacauth_credentials jwt_secrets ' +
    'keyauth_credentials key_sets keys oauth2_authorization_codes oauth2_credentials ' +
    'oauth2_tokens parameters plugins ratelimiting_metrics sessions snis vaults workspaces'
  ).split(' '),
)

/** Members that name an entry and are no secret, the best name first. */
const NAMES = ['name', 'username', 'custom_id', 'prefix', 'group', 'id']

/** Whether the name is a table of Kong's that is not there yet. */
export function isMissingTable(name: string, entities: readonly Entity[]): boolean {
  return KONG_TABLES.has(name) && !entities.some((entity) => entity.name === name)
}

/** Refuses a table that is not there, naming its entries; none at all is no loss. */
export function refuseTable(name: string, list: unknown): string | undefined {
  if (list === null || list === undefined) return undefined
  if (isObject(list) && Object.keys(list).length === 0) return undefined
  if (!Array.isArray(list)) return 'expected an array'
  if (list.every((item) => isSoAnyway(name, item))) return undefined

  const labels = list.map(labelOf).filter((label) => label !== undefined)
  return `${name} are not supported here${labels.length > 0 ? `: ${labels.join(', ')}` : ''}`
}

/** The tables an entity's entries may hold: those that refer to it. */
export function childrenOf(
  parent: Entity,
  entities: readonly Entity[],
): Map<string, { readonly entity: Entity; readonly field: string }> {
  const children = new Map<string, { entity: Entity; field: string }>()
  for (const entity of entities) {
    for (const [field, rules] of Object.entries(entity.fields)) {
      if (rules.reference === parent.name) children.set(entity.name, { entity, field })
    }
  }
  return children
}

/** The one workspace needs no table, nor does the cluster's id, which Kong's exports bring. */
function isSoAnyway(table: string, item: unknown): boolean {
  if (!isObject(item)) return false
  if (table === 'workspaces') return item.name === 'default'
  return table === 'parameters' && item.key === 'cluster_id'
}

function labelOf(item: unknown): string | undefined {
  if (!isObject(item)) return undefined
  const name = NAMES.map((key) => getOwn(item, key)).find((value) => typeof value === 'string')
  const inner = Object.keys(item).filter((key) => KONG_TABLES.has(key))
  if (inner.length === 0) return typeof name === 'string' ? name : undefined
  return `${name ?? 'one'} (with ${inner.join(', ')})`
}
