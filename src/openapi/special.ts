import type { JsonSchema } from './json-schema.ts'
import { schemaRef } from './schemas.ts'

/** An operation no entity's definition makes. */
export interface Special {
  readonly summary: string
  /** Its success; 200 when absent. */
  readonly status?: number
  /** The body of its success; none when absent. */
  readonly shows?: JsonSchema
  /** Plain text instead. */
  readonly text?: true
  readonly takes?: JsonSchema
  readonly query?: Readonly<Record<string, JsonSchema>>
  /** Shared parameters by name. */
  readonly shared?: readonly string[]
  readonly errors?: readonly number[]
}

const OBJECT = { type: 'object' }
const STRING = { type: 'string' }
const MESSAGE = { type: 'object', properties: { message: STRING }, required: ['message'] }
const FLAG = { type: 'string', enum: ['0', '1'] }
const VALIDATED = { takes: OBJECT, shows: MESSAGE, errors: [400, 404] }
const SCHEMA_OF = { shows: schemaRef('schema'), errors: [404] }
const MARK = { status: 204, errors: [400, 404] }
const LEVEL = { shows: MESSAGE, errors: [400, 405, 501], query: { timeout: { type: 'integer' } } }
const page = (of: JsonSchema) => ({
  type: 'object',
  properties: { data: { type: 'array', items: of }, next: { type: ['string', 'null'] } },
  required: ['data', 'next'],
})
const TAGGED = {
  type: 'object',
  properties: { tag: STRING, entity_name: STRING, entity_id: { type: 'string', format: 'uuid' } },
}
const TAG_PAGE = { shows: page(TAGGED), shared: ['size', 'offset'], errors: [400] }
const marks = (verb: string, what: string) => ({
  PUT: { summary: `Set ${what} ${verb}`, ...MARK },
  POST: { summary: `Set ${what} ${verb}`, ...MARK },
})
const STEP = {
  type: 'object',
  properties: {
    put: {
      type: 'object',
      properties: { entity: STRING, id: { type: 'string', format: 'uuid' }, value: OBJECT },
      required: ['entity', 'id', 'value'],
    },
    delete: {
      type: 'object',
      properties: { entity: STRING, id: { type: 'string', format: 'uuid' } },
      required: ['entity', 'id'],
    },
  },
  minProperties: 1,
  maxProperties: 1,
}
const BATCH = {
  type: 'object',
  properties: {
    steps: { type: 'array', items: STEP },
    dry_run: { type: 'boolean', default: false },
  },
  required: ['steps'],
}
const COUNTS = ['revision', 'put', 'deleted']
const BATCHED = {
  type: 'object',
  properties: Object.fromEntries(COUNTS.map((name) => [name, { type: 'integer' }])),
  required: COUNTS,
}
const REVISED = { type: 'object', properties: { revision: { type: 'integer' } } }
const CONFIG = { type: 'object', properties: { config: { type: ['string', 'object'] } } }
const EXPLAINED = {
  method: { type: 'string', default: 'GET' },
  url: STRING,
  header: { type: 'array', items: STRING },
  headers: STRING,
  sni: STRING,
  ip: STRING,
}
const CONFIG_TEXT = {
  type: 'object',
  properties: { text: STRING, dry_run: { type: 'boolean', default: false } },
  required: ['text'],
}
const SENT = {
  type: 'object',
  properties: {
    method: { type: 'string', default: 'GET' },
    url: STRING,
    headers: OBJECT,
    body: STRING,
    sni: STRING,
    ip: STRING,
  },
  required: ['url'],
}
const TARGET = '/upstreams/{upstreams}/targets/{targets}'

/** By pattern and verb. */
export const SPECIALS: Readonly<Record<string, Readonly<Record<string, Special>>>> = {
  '/': { GET: { summary: 'What this node is, and how it is configured', shows: OBJECT } },
  '/endpoints': { GET: { summary: 'Every path pattern', shows: page(STRING) } },
  '/openapi.json': { GET: { summary: 'This document', shows: OBJECT } },
  '/status': {
    GET: { summary: 'Whether the store answers, and counts', shows: OBJECT, errors: [400] },
  },
  '/status/dns': { GET: { summary: 'Not kept here', status: 501, shows: MESSAGE } },
  '/timers': { GET: { summary: 'Timers; there are none here', shows: OBJECT } },
  '/metrics': { GET: { summary: 'Measurements for Prometheus', shows: STRING, text: true } },
  '/config': {
    GET: { summary: 'All entities as one document', shows: CONFIG, errors: [400] },
    POST: {
      summary: 'Replace all entities by a document',
      status: 201,
      shows: OBJECT,
      takes: OBJECT,
      query: { check_hash: FLAG, flatten_errors: FLAG },
      errors: [304, 400, 413],
    },
  },
  '/config/text': {
    GET: { summary: 'All entities as the YAML that decK writes', shows: OBJECT },
    POST: {
      summary:
        'Make everything as a YAML text says, all or nothing, or tell what that would change',
      shows: OBJECT,
      takes: CONFIG_TEXT,
      errors: [400, 405, 412, 413],
    },
  },
  '/batch': {
    POST: {
      summary: 'Several writes as one: all or none',
      shows: BATCHED,
      takes: BATCH,
      errors: [400, 405, 409, 412, 413, 415],
    },
  },
  '/revisions': { GET: { summary: 'Changes that can be undone', shows: page(OBJECT) } },
  '/revisions/{revision}/restore': {
    POST: {
      summary: 'Make everything as it was then',
      shows: REVISED,
      errors: [404, 405],
    },
  },
  '/schemas/{name}': { GET: { summary: "An entity's fields in Kong's words", ...SCHEMA_OF } },
  '/schemas/plugins/{name}': { GET: { summary: "A plugin's fields", ...SCHEMA_OF } },
  '/schemas/vaults/{name}': { GET: { summary: "A vault's fields", ...SCHEMA_OF } },
  '/schemas/filters/{name}': { GET: { summary: "A filter's fields; none here", ...SCHEMA_OF } },
  '/schemas/{db_entity_name}/validate': {
    POST: { summary: 'Whether an entity would pass, changing nothing', ...VALIDATED },
  },
  '/schemas/plugins/validate': { POST: { summary: 'Whether a plugin would pass', ...VALIDATED } },
  '/schemas/vaults/validate': { POST: { summary: 'Whether a vault would pass', ...VALIDATED } },
  '/plugins/enabled': { GET: { summary: 'Names of the loaded plugins', shows: OBJECT } },
  '/plugins/schema/{name}': { GET: { summary: "A plugin's config; deprecated", ...SCHEMA_OF } },
  '/tags': {
    GET: { summary: 'Every tag on every entity', ...TAG_PAGE },
    POST: { summary: 'Refused: tags belong to entities', status: 400, shows: MESSAGE },
  },
  '/tags/{tags}': { GET: { summary: 'What bears a tag', ...TAG_PAGE } },
  '/cache': { DELETE: { summary: 'Forget what is cached', status: 204 } },
  '/cache/{key}': {
    GET: { summary: 'An entity, as if Kong had it cached', shows: OBJECT, errors: [404] },
    DELETE: { summary: 'Forget a cached value', status: 204 },
  },
  '/debug/node/log-level': { GET: { summary: "The log's level", shows: MESSAGE } },
  '/debug/node/log-level/{log_level}': { PUT: { summary: "Change the log's level", ...LEVEL } },
  '/debug/cluster/log-level/{log_level}': {
    PUT: { summary: 'The same as for the node', ...LEVEL },
  },
  '/debug/explain': {
    GET: {
      summary: 'What would become of a request, without sending one',
      shows: OBJECT,
      query: EXPLAINED,
      errors: [400],
    },
  },
  '/debug/send': {
    POST: {
      summary: 'Send a request through the proxy, and tell what came of it',
      shows: OBJECT,
      takes: SENT,
      errors: [400],
    },
  },
  '/upstreams/{upstreams}/events': {
    GET: { summary: 'Who went up or down, and why', shows: page(OBJECT), errors: [404] },
  },
  '/upstreams/{upstreams}/health': {
    GET: {
      summary: 'Targets with their health, or the health of the whole',
      shows: page(OBJECT),
      query: { balancer_health: FLAG, stats: FLAG },
      shared: ['size', 'offset'],
      errors: [404],
    },
  },
  '/upstreams/{upstreams}/targets/all': {
    GET: {
      summary: 'Targets by id',
      shows: schemaRef('targets.page'),
      shared: ['size', 'offset'],
      errors: [400, 404],
    },
  },
  [`${TARGET}/healthy`]: marks('healthy', 'a target'),
  [`${TARGET}/unhealthy`]: marks('unhealthy', 'a target'),
  [`${TARGET}/{address}/healthy`]: marks('healthy', 'one address of a target'),
  [`${TARGET}/{address}/unhealthy`]: marks('unhealthy', 'one address of a target'),
  '/proxy-cache': { DELETE: { summary: 'Forget all cached answers', status: 204 } },
  '/acme': {
    POST: { summary: 'Have a certificate issued', shows: OBJECT, takes: OBJECT, errors: [404] },
    PATCH: { summary: 'Renew certificates', status: 202, errors: [404] },
  },
}

const WASM = 'Not available: there are no WebAssembly filters here'
const CLUSTER = 'Not available: this node is no control plane'
const CACHED = {
  GET: { summary: 'A cached answer', shows: OBJECT, errors: [404] },
  DELETE: { summary: 'Forget a cached answer', status: 204, errors: [404] },
}
const ISSUED = { GET: { summary: 'Issued certificates', shows: OBJECT, errors: [404] } }

const FAMILIES: readonly (readonly [RegExp, (verb: string) => Special | undefined])[] = [
  [/\/(filter-chains|filters)(\/|$)/, () => ({ summary: WASM, status: 400, shows: MESSAGE })],
  [/^\/clustering\//, () => ({ summary: CLUSTER, status: 400, shows: MESSAGE })],
  [/^\/proxy-cache\//, (verb) => (verb === 'GET' ? CACHED.GET : CACHED.DELETE)],
  [/^\/acme\/certificates/, () => ISSUED.GET],
]

/** What is said of a verb of a pattern that no entity makes. */
export function specialOf(pattern: string, verb: string): Special | undefined {
  if (Object.hasOwn(SPECIALS, pattern)) return SPECIALS[pattern]?.[verb]
  return FAMILIES.find(([form]) => form.test(pattern))?.[1](verb)
}
