import type { RouterFlavor } from '../lib/router-flavor.ts'
import { defineEntity, type Entity, type EntityOf, type Subschema } from '../schema/entity.ts'
import type { EntityCheck } from '../schema/field.ts'
import { autoTimestamp, id, name, PROTOCOLS, port, tags } from './fields.ts'
import { expressionRouteKinds, routeKinds, traditionalRouteKinds } from './route-kinds.ts'
import { checkRoutePath, migrateRoutePath } from './route-path.ts'
import { checkRouteExpression } from './route-regexes.ts'
import {
  checkHeaderName,
  checkIpOrRange,
  checkSni,
  checkWildcardHost,
  checkWildcardSni,
} from './texts.ts'

/** Kong leaves the texts of these to the router's expression language. */
const MATCHERS = [
  'id',
  'protocols',
  'snis',
  'sources',
  'destinations',
  'methods',
  'hosts',
  'paths',
  'headers',
  'expression',
  'regex_priority',
  'priority',
]

const endpoints = {
  type: 'set',
  elements: {
    type: 'record',
    fields: { ip: { type: 'string', check: checkIpOrRange }, port },
    entity_checks: [{ at_least_one_of: ['ip', 'port'] }],
  },
} as const

const COMMON_CHECKS: readonly EntityCheck[] = [
  {
    conditional: {
      if_field: 'protocols',
      if_match: {
        elements: { type: 'string', not_one_of: ['grpcs', 'https', 'tls', 'tls_passthrough'] },
      },
      then_field: 'snis',
      then_match: { len_eq: 0 },
      then_err:
        "'snis' can only be set when 'protocols' is 'grpcs', 'https', 'tls' or 'tls_passthrough'",
    },
  },
  { custom_entity_check: { field_sources: ['path_handling'] } },
]

const EXPRESSION_CHECK: EntityCheck = {
  custom_entity_check: {
    run_with_missing_fields: true,
    field_sources: MATCHERS,
    check: checkRouteExpression,
  },
}

/** What a request must be like to go to a service, in the flavour `traditional_compatible`. */
export const route = defineEntity({
  name: 'routes',
  endpointKey: 'name',
  fields: {
    id,
    created_at: autoTimestamp,
    updated_at: autoTimestamp,
    name,
    protocols: {
      type: 'set',
      required: true,
      default: ['http', 'https'],
      len_min: 1,
      elements: { type: 'string', one_of: PROTOCOLS },
      mutually_exclusive_subsets: [
        ['http', 'https'],
        ['tcp', 'tls', 'udp'],
        ['tls_passthrough'],
        ['grpc', 'grpcs'],
      ],
    },
    https_redirect_status_code: {
      type: 'integer',
      required: true,
      default: 426,
      one_of: [426, 301, 302, 307, 308],
    },
    strip_path: { type: 'boolean', required: true, default: true },
    preserve_host: { type: 'boolean', required: true, default: false },
    request_buffering: { type: 'boolean', required: true, default: true },
    response_buffering: { type: 'boolean', required: true, default: true },
    tags,
    service: { type: 'foreign', reference: 'services' },
    snis: { type: 'set', elements: { type: 'string', check: checkWildcardSni } },
    sources: endpoints,
    destinations: endpoints,
    methods: { type: 'set', elements: { type: 'string', match: '^%u+$' } },
    hosts: {
      type: 'array',
      elements: {
        type: 'string',
        match_all: [
          {
            pattern: '^[^*]*%*?[^*]*$',
            err: 'invalid wildcard: must have at most one wildcard',
          },
        ],
        match_any: {
          patterns: ['^%*%.', '%.%*$', '^[^*]*$'],
          err: 'invalid wildcard: must be placed at leftmost or rightmost label',
        },
        check: checkWildcardHost,
      },
    },
    paths: {
      type: 'array',
      elements: {
        type: 'string',
        match_none: [{ pattern: '//', err: 'must not have empty segments' }],
        match_any: {
          patterns: ['^/', '^~/'],
          err: 'should start with: / (fixed path) or ~/ (regex path)',
        },
        check: checkRoutePath,
      },
    },
    headers: {
      type: 'map',
      keys: {
        type: 'string',
        match_none: [
          {
            pattern: '^[Hh][Oo][Ss][Tt]$',
            err: "cannot contain 'host' header, which must be specified in the 'hosts' attribute",
          },
        ],
        check: checkHeaderName,
      },
      values: { type: 'array', elements: { type: 'string' } },
    },
    regex_priority: { type: 'integer', default: 0 },
    path_handling: { type: 'string', default: 'v0', one_of: ['v0', 'v1'] },
  },
  entityChecks: [...COMMON_CHECKS, EXPRESSION_CHECK],
  migrate: (input) =>
    Array.isArray(input.paths) ? { ...input, paths: input.paths.map(migratePath) } : input,
  subschema: byProtocol(routeKinds),
})

/** A route as stored, in whichever flavour. */
export type Route = EntityOf<typeof route> & {
  readonly expression?: string | null
  readonly priority?: number | null
}

/** The entity as a flavour of the router has it. */
export function routeFor(flavor: RouterFlavor): Entity {
  if (flavor === 'traditional_compatible') return route
  if (flavor === 'traditional') {
    const snis = { type: 'set', elements: { type: 'string', check: checkSni } } as const
    const fields = { ...route.fields, snis }
    const subschema = byProtocol(traditionalRouteKinds)
    return { ...route, fields, entityChecks: COMMON_CHECKS, subschema }
  }
  const expression = { type: 'string' } as const
  const priority = {
    type: 'integer',
    between: [0, 2 ** 46 - 1],
    required: true,
    default: 0,
  } as const
  const fields = { ...route.fields, expression, priority }
  return { ...route, fields, subschema: byProtocol(expressionRouteKinds) }
}

function byProtocol(kinds: ReadonlyMap<string, Subschema>) {
  return {
    key: 'protocols',
    // Kong: the first protocol that is one; the field's check names those that are none.
    find: (protocols: unknown) => {
      for (const protocol of listOf(protocols)) {
        const kind = kinds.get(String(protocol))
        if (kind !== undefined) return kind
      }
      return undefined
    },
    unknown: (protocols: unknown) => `unknown type: ${listOf(protocols)[0] ?? 'nil'}`,
  }
}

function listOf(protocols: unknown): readonly unknown[] {
  return typeof protocols === 'string' ? [protocols] : Array.isArray(protocols) ? protocols : []
}

function migratePath(path: unknown): unknown {
  return typeof path === 'string' ? migrateRoutePath(path) : path
}
