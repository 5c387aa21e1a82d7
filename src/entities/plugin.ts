import {
  defineEntity,
  type Entity,
  type Input,
  type Row,
  type RowReader,
  type Subschema,
} from '../schema/entity.ts'
import type { FieldErrors } from '../schema/error-tree.ts'
import { getOwn, isObject } from '../schema/field.ts'
import { autoTimestamp, id, name, PROTOCOLS, tags } from './fields.ts'

/** What a plugin's name decides. */
export interface PluginKind {
  readonly subschema: Subschema
  /** False where nothing would happen: such a plugin may be stored, not enabled. */
  readonly enableable: boolean
  /** Why a configuration cannot run here; undefined when it can. */
  readonly impossible?: (config: Readonly<Record<string, unknown>>) => string | undefined
  /** What is wrong in a configuration, beside what its fields say; undefined when nothing is. */
  readonly faults?: (config: Readonly<Record<string, unknown>>) => FieldErrors | undefined
}

const fields = {
  id,
  name: { type: 'string', required: true },
  instance_name: name,
  created_at: autoTimestamp,
  updated_at: autoTimestamp,
  route: { type: 'foreign', reference: 'routes', default: null, on_delete: 'cascade' },
  service: { type: 'foreign', reference: 'services', default: null, on_delete: 'cascade' },
  consumer: { type: 'foreign', reference: 'consumers', default: null, on_delete: 'cascade' },
  config: { type: 'record', abstract: true },
  protocols: {
    type: 'set',
    required: true,
    default: ['grpc', 'grpcs', 'http', 'https'],
    elements: { type: 'string', one_of: PROTOCOLS },
  },
  enabled: { type: 'boolean', required: true, default: true },
  tags,
} as const

/** The table `plugins`, for the plugins that are loaded. */
export function pluginEntity(kinds: ReadonlyMap<string, PluginKind>): Entity {
  return defineEntity({
    name: 'plugins',
    endpointKey: 'instance_name',
    fields,
    uniqueTogether: [['name', 'route', 'service', 'consumer']],
    cacheKey: ['name', 'route', 'service', 'consumer'],
    subschema: {
      key: 'name',
      find: (value) => (typeof value === 'string' ? kinds.get(value)?.subschema : undefined),
      unknown: (value) =>
        `plugin '${value}' not enabled; add it to the 'plugins' configuration property`,
    },
    refuse: (_sent, _mode, row) => ({ ...refuseFaults(kinds, row), ...refuseIdle(kinds, row) }),
    relate: (row, rows, sent) => {
      // Kong: protocols that were merely filled in are not asked about.
      if (!Array.isArray(sent.protocols)) return undefined
      const error = checkProtocols(row, rows)
      return error === undefined ? undefined : { protocols: error }
    },
  })
}

/** As in Kong it matters not whether it is enabled. */
function refuseFaults(kinds: ReadonlyMap<string, PluginKind>, row: Input): FieldErrors {
  const kind = typeof row.name === 'string' ? kinds.get(row.name) : undefined
  const faults = isObject(row.config) ? kind?.faults?.(row.config) : undefined
  return faults === undefined ? {} : { config: faults }
}

/** A plugin that would silently do nothing may be kept, not enabled. */
function refuseIdle(kinds: ReadonlyMap<string, PluginKind>, row: Input): FieldErrors {
  if (row.enabled !== true || typeof row.name !== 'string') return {}
  const kind = kinds.get(row.name)
  const impossible = isObject(row.config) ? kind?.impossible?.(row.config) : undefined
  if (impossible !== undefined) return { config: impossible }
  if (kind?.enableable !== false) return {}
  const advice = 'store it with enabled=false, or set unimplemented_plugins=ignore'
  return { enabled: `plugin '${row.name}' has no behaviour in this release: ${advice}` }
}

/** Whether the plugin could ever run: its route, or a route of its service, shares a protocol with it. */
function checkProtocols(row: Row, rows: RowReader): string | undefined {
  const route = idOf(row.route)
  if (route !== undefined) {
    const found = rows.get('routes', route)
    return found === undefined || overlap(row, found)
      ? undefined
      : "must match the associated route's protocols"
  }

  const service = idOf(row.service)
  const routes = service === undefined ? [] : rows.children('routes', 'service', service)
  return routes.length === 0 || routes.some((found) => overlap(row, found))
    ? undefined
    : "must match the protocols of at least one route pointing to this Plugin's service"
}

function overlap(plugin: Row, route: Row): boolean {
  const protocols = listOf(plugin.protocols)
  return listOf(route.protocols).some((protocol) => protocols.includes(protocol))
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function idOf(reference: unknown): string | undefined {
  const id = isObject(reference) ? getOwn(reference, 'id') : undefined
  return typeof id === 'string' ? id : undefined
}
