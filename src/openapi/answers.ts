import type { JsonSchema } from './json-schema.ts'

/** Answers that many operations share, by their statuses. */
export const SHARED_ANSWERS: Readonly<Record<string, { name: string; description: string }>> = {
  304: { name: 'NotModified', description: 'What `If-None-Match` names is still so.' },
  400: { name: 'Invalid', description: 'What was sent is not valid; `fields` says why.' },
  401: { name: 'Unauthorized', description: 'The token is missing or wrong.' },
  404: { name: 'NotFound', description: 'There is no such thing.' },
  405: {
    name: 'NotAllowed',
    description: 'Not by this verb, or not without a database.',
  },
  409: { name: 'Conflict', description: 'Another has the same unique value.' },
  412: { name: 'Changed', description: 'It is not what `If-Match` names any more.' },
  413: { name: 'TooLarge', description: 'The body is larger than is taken.' },
  415: { name: 'UnknownType', description: 'The content type is not taken here.' },
  501: { name: 'NotHere', description: 'This node cannot do it.' },
}

/** An operation's answer of such a status. */
export function sharedAnswer(status: number): readonly [string, JsonSchema] {
  const name = SHARED_ANSWERS[status]?.name ?? 'Invalid'
  return [String(status), { $ref: `#/components/responses/${name}` }]
}

/** The shared answers, for the document's components. */
export function answerComponents(): Readonly<Record<string, JsonSchema>> {
  const withoutBody = new Set(['304'])
  return Object.fromEntries(
    Object.entries(SHARED_ANSWERS).map(([status, { name, description }]) => [
      name,
      {
        description,
        ...(withoutBody.has(status)
          ? {}
          : {
              content: { 'application/json': { schema: { $ref: '#/components/schemas/error' } } },
            }),
      },
    ]),
  )
}

/** An error as Kong words it; `hint` and `step` are ours. */
export const ERROR_SCHEMA: JsonSchema = {
  type: 'object',
  properties: {
    message: { type: 'string' },
    code: { type: 'integer', description: 'Which kind of error, as in Kong.' },
    name: { type: 'string', description: 'The kind in words.' },
    fields: {
      type: 'object',
      description: 'The tree of what was sent, with complaints as leaves.',
    },
    options: { type: 'object', description: 'Complaints about parameters, with code 11.' },
    flattened_errors: { type: 'array', items: { type: 'object' } },
    hint: { type: 'string', description: 'What may have been meant.' },
    step: { type: 'integer', description: 'Which step of a batch was refused, from 0.' },
  },
  required: ['message'],
}

const query = (name: string, schema: JsonSchema, description: string) => ({
  name,
  in: 'query',
  schema,
  description,
})

const header = (name: string, description: string) => ({
  name,
  in: 'header',
  schema: { type: 'string' },
  description,
})

/** Parameters that many operations share. */
export const PARAMETERS: Readonly<Record<string, JsonSchema>> = {
  size: query(
    'size',
    { type: 'integer', minimum: 1, maximum: 1000, default: 100 },
    'How many a page holds at most.',
  ),
  offset: query('offset', { type: 'string' }, 'The `offset` of the page before.'),
  tags: query(
    'tags',
    { type: 'string' },
    'Only what bears all of the tags in `a,b`, or any of those in `a/b`.',
  ),
  ifMatch: header('If-Match', 'The ETag that was read; 412 when it has another by now.'),
  ifNoneMatch: header('If-None-Match', 'The ETag that is known; 304 when it still has it.'),
}

/** A reference to one of them. */
export function parameterRef(name: string): JsonSchema {
  return { $ref: `#/components/parameters/${name}` }
}
