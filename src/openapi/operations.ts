import type { Entity } from '../schema/entity.ts'
import { parameterRef, sharedAnswer } from './answers.ts'
import type { JsonSchema } from './json-schema.ts'
import type { Place } from './place.ts'
import { schemaRef } from './schemas.ts'
import type { Special } from './special.ts'

/** An operation but for its id, tag and path parameters. */
export interface Operation {
  readonly summary: string
  readonly parameters: readonly JsonSchema[]
  readonly requestBody?: JsonSchema
  readonly responses: Readonly<Record<string, JsonSchema>>
}

interface Answer {
  readonly status: number
  readonly schema?: JsonSchema
  readonly text?: boolean
  readonly etag?: boolean
}

/** One that an entity's definition makes; undefined for a verb it does not have. */
export function entityOperation(place: Place, verb: string): Operation | undefined {
  const { kind, entity } = place
  if (kind === 'collection') return collectionOperation(place, verb)
  const row = schemaRef(entity.name)
  const item = { status: 200, schema: row, etag: true }
  const [ifMatch, ifNoneMatch] = ['ifMatch', 'ifNoneMatch'].map(parameterRef) as [
    JsonSchema,
    JsonSchema,
  ] // two in, two out
  const what =
    kind === 'parent' ? `the ${entity.name} entity it belongs to` : `one of ${entity.name}`
  switch (verb) {
    case 'GET':
      return operation(`Show ${what}`, [ifNoneMatch], undefined, item, [304, 400, 404])
    case 'PUT':
      return operation(`Put ${what}`, [ifMatch], putBody(entity), item, [...WRITE_ERRORS, 404, 412])
    case 'PATCH': {
      const body = bodyOf(schemaRef(`${entity.name}.patch`))
      return operation(`Change ${what}`, [ifMatch], body, item, [...WRITE_ERRORS, 404, 412])
    }
    case 'DELETE': {
      const errors = [400, 404, 405, 412]
      if (kind === 'item') {
        return operation(`Delete ${what}`, [ifMatch], undefined, { status: 204 }, errors)
      }
      return operation('Refused: delete it by its own path', [], undefined, undefined, [404, 405])
    }
    default:
      return undefined
  }
}

const WRITE_ERRORS = [400, 405, 409, 413, 415]

function collectionOperation({ entity, beside }: Place, verb: string): Operation | undefined {
  const whose = beside === undefined ? '' : ` of one of ${beside.name}`
  const missing = beside === undefined ? [] : [404]
  if (verb === 'GET') {
    const tagged = beside === undefined && entity.fields.tags !== undefined ? ['tags'] : []
    const parameters = ['size', 'offset', ...tagged].map(parameterRef)
    const page = { status: 200, schema: schemaRef(`${entity.name}.page`) }
    return operation(`List ${entity.name}${whose}`, parameters, undefined, page, [400, ...missing])
  }
  if (verb !== 'POST') return undefined
  const created = { status: 201, schema: schemaRef(entity.name), etag: true }
  const body = bodyOf(schemaRef(`${entity.name}.new`))
  const errors = [...WRITE_ERRORS, ...missing]
  return operation(`Create one of ${entity.name}${whose}`, [], body, created, errors)
}

/** Kong: a PUT of a target changes it as PATCH does. */
function putBody({ name }: Entity): JsonSchema {
  return bodyOf(schemaRef(name === 'targets' ? 'targets.patch' : `${name}.new`))
}

/** One that only its own file knows. */
export function specialOperation(special: Special): Operation {
  const { summary, status = 200, shows, text, takes, query = {}, shared = [] } = special
  const parameters = [
    ...Object.entries(query).map(([name, schema]) => ({ name, in: 'query', schema })),
    ...shared.map(parameterRef),
  ]
  const answer = {
    status,
    ...(shows === undefined ? {} : { schema: shows }),
    ...(text === undefined ? {} : { text }),
  }
  const body = takes === undefined ? undefined : bodyOf(takes)
  return operation(summary, parameters, body, answer, special.errors ?? [])
}

function bodyOf(schema: JsonSchema): JsonSchema {
  const types = ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data']
  return { content: Object.fromEntries(types.map((type) => [type, { schema }])) }
}

function operation(
  summary: string,
  parameters: readonly JsonSchema[],
  requestBody: JsonSchema | undefined,
  answer: Answer | undefined,
  errors: readonly number[],
): Operation {
  const shared = [401, ...errors].sort((a, b) => a - b).map(sharedAnswer)
  const own = answer === undefined ? [] : [[String(answer.status), answerBody(answer)] as const]
  return {
    summary,
    parameters,
    ...(requestBody === undefined ? {} : { requestBody }),
    responses: Object.fromEntries([...shared, ...own]),
  }
}

const ETAG = { schema: { type: 'string' }, description: 'For `If-Match` of the next write.' }

function answerBody({ status, schema, text, etag }: Answer): JsonSchema {
  const type = text === true ? 'text/plain' : 'application/json'
  return {
    description: DESCRIPTIONS.get(status) ?? 'Refused.',
    ...(etag === true ? { headers: { ETag: ETAG } } : {}),
    ...(schema === undefined ? {} : { content: { [type]: { schema } } }),
  }
}

const DESCRIPTIONS: ReadonlyMap<number, string> = new Map([
  [200, 'Done.'],
  [201, 'Created.'],
  [202, 'Begun.'],
  [204, 'Done; there is nothing to show.'],
])
