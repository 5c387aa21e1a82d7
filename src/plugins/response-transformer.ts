import type { AnswerSide, Exchange } from '../pdk/exchange.ts'
import type { Kit } from '../pdk/kit.ts'
import { definePlugin } from '../pdk/plugin.ts'
import { headerRenames, names, pairs } from './fields/transformation.ts'
import { changeHeaders, headerChanges } from './response-transformer/headers.ts'
import { changeJson, type JsonChanges, jsonChanges } from './response-transformer/json.ts'

/** What becomes of a value in the JSON body, which is text in the config. */
const jsonTypes = {
  type: 'array',
  required: true,
  default: [],
  elements: { type: 'string', one_of: ['boolean', 'number', 'string'] },
} as const

// Kong: header names are looked at where they are renamed only.
const values = {
  type: 'record',
  required: true,
  fields: { json: pairs, json_types: jsonTypes, headers: pairs },
} as const

/** Changes headers and JSON body on the way to the client. */
export const responseTransformer = definePlugin(
  {
    name: 'response-transformer',
    priority: 800,
    about: {
      summary: 'Changes the headers and the JSON body of answers on the way to the client.',
      example: {
        remove: { headers: ['X-Powered-By'], json: ['internal'] },
        add: { json: ['version:2'], json_types: ['number'], headers: ['X-Served-By:us'] },
      },
      notes: [
        'First comes `remove`, then `rename`, `replace` (only what is there), `add` (only what is not), `append`. Whether a header is there is asked of the answer as it came.',
        'A body is changed when it is a JSON object with the Content-Type `application/json` or one that ends in `+json`, without a Content-Encoding and of at most 10 MiB; any other passes as it is. Names are those of the outermost members: a dot in one is a dot.',
        '`json_types` says what becomes of the value in the same place of `json`: `string` unless it says `number` or `boolean`.',
      ],
    },
    config: {
      type: 'record',
      required: true,
      fields: {
        remove: { type: 'record', required: true, fields: { json: names, headers: names } },
        rename: { type: 'record', required: true, fields: { json: pairs, headers: headerRenames } },
        replace: values,
        add: values,
        append: values,
      },
    },
  },
  (config, kit) => {
    const headers = headerChanges(config)
    const json = jsonChanges(config)
    return {
      response(exchange) {
        const { response } = exchange
        changeHeaders(response.headers, headers)
        if (json.none || !response.hasBody || !isReadable(response)) return undefined
        return changeBody(exchange, json, kit)
      },
    }
  },
)

/** JSON itself, or what is written in it, such as `application/problem+json`. */
const JSON_TYPE = /^\s*application\/(?:[^\s/;]+\+)?json\s*(?:;|$)/i

/** Kong: one of several types may be JSON. */
function isReadable({ headers }: AnswerSide): boolean {
  const types = headers.get('content-type')?.split(',') ?? []
  if (!types.some((type) => JSON_TYPE.test(type))) return false
  const encoding = headers.get('content-encoding')
  return encoding === undefined || encoding.toLowerCase() === 'identity'
}

const decoder = new TextDecoder()
const encoder = new TextEncoder()

async function changeBody(
  { response, id }: Exchange,
  changes: JsonChanges,
  { runtime, bodyLimit }: Kit,
): Promise<undefined> {
  const bytes = await response.readBody(bodyLimit)
  const changed = bytes === undefined ? undefined : changeJson(decoder.decode(bytes), changes)
  if (changed !== undefined) {
    response.setBody(encoder.encode(changed))
    return
  }
  const reason = bytes === undefined ? 'it is too long' : 'it is no JSON object'
  runtime.log('warn', 'Cannot transform a body', { reason, requestId: id })
}
