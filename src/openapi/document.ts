import type { Plugin } from '../pdk/plugin.ts'
import type { Entity } from '../schema/entity.ts'
import { answerComponents, ERROR_SCHEMA, PARAMETERS } from './answers.ts'
import type { JsonSchema } from './json-schema.ts'
import { entityOperation, type Operation, specialOperation } from './operations.ts'
import { type Endpoint, placeOf } from './place.ts'
import { entitySchemas } from './schemas.ts'
import { specialOf } from './special.ts'

/** What the document is made from. */
export interface DocumentSources {
  readonly entities: readonly Entity[]
  /** The plugins that are loaded. */
  readonly plugins: readonly Plugin[]
  /** Every pattern that is not disabled. */
  readonly endpoints: readonly Endpoint[]
  readonly version: string
}

/** The Admin API as an OpenAPI 3.1 document. */
export function openApiDocument(sources: DocumentSources): JsonSchema {
  const { plugins, endpoints, version } = sources
  const entities = sources.entities.filter(({ schemaOnly }) => schemaOnly !== true)
  return {
    openapi: '3.1.0',
    info: {
      title: 'Gibbon Admin API',
      version,
      description: ABOUT,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    // Whether a token is asked for is a setting of the node.
    security: [{}, { adminToken: [] }, { bearer: [] }],
    tags: groupsOf(endpoints).map((name) => ({ name })),
    paths: Object.fromEntries(
      endpoints.map((endpoint) => [endpoint.pattern, pathItem(endpoint, entities)]),
    ),
    components: {
      schemas: {
        error: ERROR_SCHEMA,
        schema: SCHEMA_SCHEMA,
        ...entitySchemas(entities, plugins),
      },
      responses: answerComponents(),
      parameters: PARAMETERS,
      securitySchemes: {
        adminToken: { type: 'apiKey', in: 'header', name: 'Kong-Admin-Token' },
        bearer: { type: 'http', scheme: 'bearer' },
      },
    },
  }
}

const ABOUT =
  "Kong's Admin API, with a few paths more. HEAD is answered wherever GET is, and OPTIONS " +
  'everywhere. Each answer bears the revision of the configuration as `X-Config-Revision`.'

const LISTED = { type: 'array', items: { type: 'object' } }
const SCHEMA_SCHEMA: JsonSchema = {
  type: 'object',
  properties: { fields: LISTED, entity_checks: LISTED },
  required: ['fields', 'entity_checks'],
}

/** The operations of one path are grouped by its first segment. */
function groupOf(pattern: string): string {
  const [, first = ''] = pattern.split('/')
  return first === '' || first.includes('.') ? 'node' : first
}

function groupsOf(endpoints: readonly Endpoint[]): string[] {
  return [...new Set(endpoints.map(({ pattern }) => groupOf(pattern)))]
}

function pathItem({ pattern, verbs }: Endpoint, entities: readonly Entity[]): JsonSchema {
  const place = placeOf(pattern, entities)
  const operations = verbs.flatMap((verb) => {
    const special = specialOf(pattern, verb)
    const made =
      special === undefined && place !== undefined
        ? entityOperation(place, verb)
        : specialOperation(special ?? { summary: `${verb} ${pattern}` })
    return made === undefined ? [] : [[verb.toLowerCase(), withId(made, pattern, verb)] as const]
  })
  const parameters = pathParameters(pattern, entities)
  return {
    ...(parameters.length === 0 ? {} : { parameters }),
    ...Object.fromEntries(operations),
  }
}

function withId(operation: Operation, pattern: string, verb: string): JsonSchema {
  const { summary, parameters, ...rest } = operation
  const words = pattern.match(/[a-z0-9]+/gi) ?? ['node']
  return {
    operationId: [verb.toLowerCase(), ...words].join('_'),
    tags: [groupOf(pattern)],
    summary,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...rest,
  }
}

function pathParameters(pattern: string, entities: readonly Entity[]): JsonSchema[] {
  return [...pattern.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => {
    const entity = entities.find((candidate) => candidate.name === name)
    const keys = ['id', entity?.endpointKey, entity?.nestedKey].filter((key) => key !== undefined)
    return {
      name,
      in: 'path',
      required: true,
      schema: { type: 'string' },
      ...(entity === undefined ? {} : { description: `Its ${keys.join(' or ')}.` }),
    }
  })
}
