import { defineEntity } from '../schema/entity.ts'
import { autoTimestamp, id, name, tags } from './fields.ts'

/** Kong: names no workspace may have, since they were paths once. */
const RESERVED = [
  'workspaces',
  'consumers',
  'certificates',
  'services',
  'routes',
  'snis',
  'upstreams',
  'targets',
  'plugins',
  'tags',
  'ca_certificates',
  'clustering_data_planes',
  'parameters',
  'vaults',
  'key_sets',
  'keys',
  'filter_chains',
]

const text = { type: 'string', required: true } as const
const autoId = { ...id, required: true } as const

/** Kong's edition for companies keeps many; here all is in one. */
export const workspace = defineEntity({
  name: 'workspaces',
  endpointKey: 'name',
  schemaOnly: true,
  fields: {
    id,
    name: { type: 'string', required: true, unique: true, len_min: 1, not_one_of: RESERVED },
    comment: { type: 'string' },
    created_at: autoTimestamp,
    updated_at: autoTimestamp,
    meta: { type: 'record', required: true, fields: {} },
    config: { type: 'record', required: true, fields: {} },
  },
})

/** Which row has which tag: read only, made from the rows themselves. */
export const taggedRow = defineEntity({
  name: 'tags',
  schemaOnly: true,
  fields: { tag: text, entity_name: text, entity_id: autoId },
})

/** A proxy that takes its configuration from a control plane. */
export const dataPlane = defineEntity({
  name: 'clustering_data_planes',
  schemaOnly: true,
  fields: {
    id: autoId,
    last_seen: autoTimestamp,
    updated_at: autoTimestamp,
    ip: text,
    config_hash: { type: 'string', len_eq: 32 },
    hostname: text,
    version: {
      type: 'string',
      match_none: [{ pattern: '%.%.', err: 'must not have empty version segments' }],
      match_any: {
        patterns: ['^%d+[%.%d]*$', '^%d+[%.%d]*%-?.*$'],
        err: 'invalid version number: must be in format of X.Y.Z',
      },
    },
    sync_status: {
      type: 'string',
      required: true,
      default: 'unknown',
      one_of: [
        'unknown',
        'normal',
        'kong_version_incompatible',
        'plugin_set_incompatible',
        'plugin_version_incompatible',
        'filter_set_incompatible',
      ],
    },
    labels: { type: 'map', keys: { type: 'string' }, values: { type: 'string' } },
    cert_details: {
      type: 'record',
      required: true,
      fields: { expiry_timestamp: { type: 'number', timestamp: true, required: false } },
    },
    rpc_capabilities: { type: 'set', elements: { type: 'string' } },
  },
})

/** A setting of a cluster. */
export const parameter = defineEntity({
  name: 'parameters',
  endpointKey: 'key',
  schemaOnly: true,
  fields: { created_at: autoTimestamp, key: { ...text, unique: true }, value: text },
})

const scope = { type: 'foreign', default: null, unique: true, on_delete: 'cascade' } as const

/** WebAssembly filters; none is installed, so no chain can be valid. */
export const filterChain = defineEntity({
  name: 'filter_chains',
  path: 'filter-chains',
  endpointKey: 'name',
  schemaOnly: true,
  fields: {
    id,
    name,
    enabled: { type: 'boolean', required: true, default: true },
    route: { ...scope, reference: 'routes' },
    service: { ...scope, reference: 'services' },
    filters: {
      type: 'array',
      required: true,
      len_min: 1,
      elements: {
        type: 'record',
        fields: {
          name: { ...text, one_of: [], err: 'no such filter' },
          enabled: { type: 'boolean', required: true, default: true },
          config: {
            type: 'json',
            required: false,
            json_schema: {
              namespace: 'proxy-wasm-filters',
              parent_subschema_key: 'name',
              optional: true,
              default: {
                $schema: 'http://json-schema.org/draft-04/schema#',
                type: ['string', 'null'],
              },
            },
          },
        },
      },
    },
    created_at: autoTimestamp,
    updated_at: autoTimestamp,
    tags,
  },
  entityChecks: [
    { mutually_exclusive: ['service', 'route'] },
    { at_least_one_of: ['service', 'route'] },
    { custom_entity_check: { field_sources: ['filters'], run_with_invalid_fields: true } },
  ],
  cacheKey: ['route', 'service'],
})
