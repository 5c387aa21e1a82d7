import { describeEntity } from '../schema/describe.ts'
import type { Entity } from '../schema/entity.ts'
import { type ValidateContext, validateOnly } from '../schema/validate.ts'
import type { Members } from './form.ts'
import { decodeForm } from './form.ts'
import { json, message, type Reply } from './reply.ts'
import type { Call, Resource } from './resource.ts'

/** `/schemas`: what entities look like, and whether input would pass. */
export function schemaResources(
  entities: readonly Entity[],
  context: () => ValidateContext,
): Resource[] {
  const entityNamed = (name: string) => entities.find((entity) => entity.name === name)
  const absent = (kind: string) => (call: Call) => noneNamed(kind, call.param('name'))
  const validate = (name: string, call: Call): Reply => {
    const entity = entityNamed(name)
    if (entity === undefined) return noneNamed('entity', name)
    validateOnly(entity, inputOf(call), context())
    return json({ message: 'schema validation successful' })
  }
  return [
    { pattern: '/schemas/filters/{name}', handlers: { GET: absentFilter } },
    {
      pattern: '/schemas/plugins/validate',
      handlers: { POST: (call) => validate('plugins', call) },
    },
    { pattern: '/schemas/plugins/{name}', handlers: { GET: absent('plugin') } },
    {
      pattern: '/schemas/vaults/validate',
      handlers: { POST: (call) => validate('vaults', call) },
    },
    { pattern: '/schemas/vaults/{name}', handlers: { GET: absent('vault') } },
    {
      pattern: '/schemas/{db_entity_name}/validate',
      handlers: { POST: (call) => validate(call.param('db_entity_name'), call) },
    },
    {
      pattern: '/schemas/{name}',
      handlers: {
        GET(call) {
          const entity = entityNamed(call.param('name'))
          if (entity === undefined) return noneNamed('entity', call.param('name'))
          return json(describeEntity(entity))
        },
      },
    },
  ]
}

function noneNamed(kind: string, name: string): Reply {
  return message(404, `No ${kind} named '${name}'`)
}

function absentFilter(call: Call): Reply {
  return message(404, `Filter '${call.param('name')}' not found`)
}

/** The query counts too here, and text of forms is not typed by the schema but for the plainest. */
function inputOf({ query, payload }: Call): Members {
  const fromQuery = decodeForm(query.all)
  if (payload.kind === 'yaml') return fromQuery
  const body = payload.kind === 'form' ? plainValues(payload.value) : payload.value
  return { ...(plainValues(fromQuery) as Members), ...(body as Members) } // objects stay objects
}

function plainValues(value: unknown): unknown {
  if (value === 'true') return true
  if (value === 'false') return false
  if (value === '') return null
  if (Array.isArray(value)) return value.map(plainValues)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainValues(inner)]))
}
