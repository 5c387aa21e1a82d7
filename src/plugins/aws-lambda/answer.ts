import { decodeBase64 } from '../../lib/base64.ts'
import { toByteString } from '../../lib/byte-string.ts'
import { jsonComplaint } from '../../lib/json-complaint.ts'
import { parseNested } from '../../lib/nested-json.ts'
import { type Exit, exitJson } from '../../pdk/exit.ts'
import type { HttpReply } from '../../pdk/http-call.ts'
import { isObject } from '../../schema/field.ts'
import { functionHeaders } from '../answers/function-answer.ts'
import type { LambdaConfig } from './config.ts'
import { withoutEmptyArrays } from './empty-arrays.ts'

const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/** What the client is told of what a function gave. */
export function answerOf(reply: HttpReply, body: Uint8Array, config: LambdaConfig): Exit {
  if (config.is_proxy_integration === true) return integrated(reply, body)
  const { list } = functionHeaders(reply.headers.list)
  const unhandled = reply.headers.get('x-amz-function-error') === 'Unhandled'
  const status = unhandled ? (config.unhandled_status ?? reply.status) : reply.status
  const type = reply.headers.get('content-type') ?? ''
  const legacy = config.empty_arrays_mode === 'legacy' && /application\/.*json/i.test(type)
  return { status, headers: list, body: legacy ? withoutEmptyArrays(body) : body }
}

/** The function says itself what status and headers its answer has. */
function integrated(reply: HttpReply, body: Uint8Array): Exit {
  const json = /json/i.test(reply.headers.get('content-type') ?? '')
  const read = readIntegration(new TextDecoder().decode(body), json)
  if (typeof read === 'string') {
    const error = `could not JSON decode Lambda function response: ${read}`
    return exitJson(502, { message: 'Bad Gateway', error })
  }
  const { list, headers } = functionHeaders(reply.headers.list)
  for (const [name, value] of Object.entries(read.headers)) {
    const values = (Array.isArray(value) ? value : [value]).filter((one) => one !== null)
    if (HEADER_NAME.test(name)) headers.set(name, values.map(String))
  }
  return { status: read.status, headers: list, body: read.body }
}

interface Integration {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: Uint8Array
}

/** What the function said, or what is wrong with it. Kong: a text within JSON is JSON once more. */
function readIntegration(text: string, json: boolean): Integration | string {
  const value = json ? parseNested(text) : text
  if (typeof value !== 'string') return integrationOf(value)
  const within = parseNested(value)
  return within === undefined ? jsonComplaint(toByteString(value)) : integrationOf(within)
}

function integrationOf(value: unknown): Integration | string {
  if (typeof value !== 'object' || value === null) return 'proxy response must be json format'
  const { statusCode, headers, body, isBase64Encoded, multiValueHeaders } = isObject(value)
    ? value
    : {}
  const status = Number(typeof statusCode === 'string' ? statusCode || Number.NaN : statusCode)
  if (!(Number.isInteger(status) && status >= 100 && status <= 599)) {
    return 'statusCode validation failed'
  }
  // Kong: null is none of these, but for several values, which it may stand for.
  if (headers !== undefined && !isObject(headers)) return 'headers must be a table'
  if (body !== undefined && typeof body !== 'string') return 'body must be a string'
  if (isBase64Encoded !== undefined && typeof isBase64Encoded !== 'boolean') {
    return 'isBase64Encoded must be a boolean'
  }
  const text = typeof body === 'string' ? body : ''
  const own = isObject(headers) ? headers : {}
  const several = isObject(multiValueHeaders) ? multiValueHeaders : {}
  return {
    status,
    headers: { ...own, ...several },
    body: (isBase64Encoded === true ? decodeBase64(text) : undefined) ?? encode(text),
  }
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
