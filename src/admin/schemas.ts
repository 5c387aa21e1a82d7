import { describeEntity, describeSubschema } from '../schema/describe.ts'
import type { Entity, Subschema } from '../schema/entity.ts'
import { type ValidateContext, validateOnly } from '../schema/validate.ts'
import type { Members } from './form.ts'
import { decodeForm } from './form.ts'
import { json, message, type Reply } from './reply.ts'
import type { Call, Resource } from './resource.ts'

/** What is known of entities. */
interface Known {
  readonly entityNamed: (name: string) => Entity | undefined
  readonly context: () => ValidateContext
}

/** `/schemas`: what entities look like, and whether input would pass. */
export function schemaResources(
  entities: readonly Entity[],
  context: () => ValidateContext,
): Resource[] {
  const entityNamed = (name: string) => entities.find((entity) => entity.name === name)
  const known: Known = { entityNamed, context }
  return [
    { pattern: '/schemas/filters/{name}', handlers: { GET: absentFilter } },
    ...kinds('plugins', 'plugin', known),
    ...kinds('vaults', 'vault', known),
    {
      pattern: '/schemas/{db_entity_name}/validate',
      handlers: { POST: (call) => validate(call.param('db_entity_name'), call, known) },
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

/** The kinds of an entity: each plugin, each vault. */
function kinds(path: string, kind: string, known: Known): Resource[] {
  return [
    {
      pattern: `/schemas/${path}/validate`,
      handlers: { POST: (call) => validate(path, call, known) },
    },
    {
      pattern: `/schemas/${path}/{name}`,
      handlers: {
        GET: (call) => {
          const name = call.param('name')
          return describeKind(known.entityNamed(path)?.subschema?.find(name), { kind, name })
        },
      },
    },
  ]
}

function validate(name: string, call: Call, { entityNamed, context }: Known): Reply {
  const entity = entityNamed(name)
  if (entity === undefined) return noneNamed('entity', name)
  validateOnly(entity, inputOf(call), { ...context(), entityOf: entityNamed })
  return json({ message: 'schema validation successful' })
}

function describeKind(
  subschema: Subschema | undefined,
  { kind, name }: { readonly kind: string; readonly name: string },
): Reply {
  return subschema === undefined ? noneNamed(kind, name) : json(describeSubschema(subschema))
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
