import { encodeBase64 } from '../../lib/base64.ts'
import { fromByteString } from '../../lib/byte-string.ts'
import type { Exchange } from '../../pdk/exchange.ts'
import { readForm } from '../../pdk/form.ts'
import type { Kit } from '../../pdk/kit.ts'
import { parseJson } from '../ai/json-reading.ts'
import type { LambdaConfig } from './config.ts'
import { gatewayEvent } from './gateway-event.ts'
import { argLists, headerLists, plainOf } from './request-parts.ts'

/** What a function is given, as JSON. */
export async function payloadOf(
  exchange: Exchange,
  config: LambdaConfig,
  kit: Kit,
): Promise<Uint8Array<ArrayBuffer>> {
  return new TextEncoder().encode(JSON.stringify(await eventOf(exchange, config, kit)))
}

async function eventOf(exchange: Exchange, config: LambdaConfig, kit: Kit): Promise<unknown> {
  const read = () => readBody(exchange, config, kit)
  if (config.awsgateway_compatible === true) {
    return gatewayEvent(exchange, { body: await read(), config, entities: kit.entities })
  }
  const forwards = [
    config.forward_request_method,
    config.forward_request_headers,
    config.forward_request_uri,
    config.forward_request_body,
  ]
  if (!forwards.includes(true)) {
    return argumentsOf(exchange, kit.bodyLimit)
  }
  return {
    ...(config.forward_request_method === true ? { request_method: exchange.request.method } : {}),
    ...(config.forward_request_headers === true
      ? { request_headers: plainOf(headerLists(exchange)) }
      : {}),
    ...(config.forward_request_uri === true ? uriOf(exchange) : {}),
    ...(config.forward_request_body === true
      ? await bodyOf(exchange, await read(), { config, limit: kit.bodyLimit })
      : {}),
  }
}

/** Kong: a list stays one as long as there is no query beside it, whose names it would lack. */
async function argumentsOf(exchange: Exchange, limit: number): Promise<unknown> {
  const args = plainOf(argLists(exchange))
  const list = await readList(exchange, limit)
  if (list !== undefined && list.length > 0) {
    if (Object.keys(args).length === 0) return list
    return { ...args, ...Object.fromEntries(list.map((item, i) => [`${i + 1}`, item])) }
  }
  const form = await readForm(exchange, limit)
  return { ...args, ...form?.fields }
}

async function readList(
  { request }: Exchange,
  limit: number,
): Promise<readonly unknown[] | undefined> {
  const type = request.headers.get('content-type') ?? ''
  if (!request.hasBody || !/^\s*application\/json\s*(?:;|$)/i.test(type)) return undefined
  const bytes = await request.readBody(limit)
  const value = bytes === undefined ? undefined : parseJson(new TextDecoder().decode(bytes))
  return Array.isArray(value) ? value : undefined
}

function uriOf(exchange: Exchange) {
  const { path, rawQuery } = exchange.request
  const query = rawQuery === '' ? '' : `?${rawQuery}`
  return {
    request_uri: fromByteString(path) + query,
    request_uri_args: plainOf(argLists(exchange)),
  }
}

/** Content that is text for sure. */
const TEXTS = new Set([
  'text/plain',
  'text/html',
  'application/xml',
  'text/xml',
  'application/soap+xml',
])

const FORMS = /^\s*(?:application\/(?:json|x-www-form-urlencoded)|multipart\/form-data)\s*(?:;|$)/i

async function bodyOf(
  exchange: Exchange,
  body: Uint8Array | undefined,
  { config, limit }: { readonly config: LambdaConfig; readonly limit: number },
) {
  const type = exchange.request.headers.get('content-type')
  if (type !== undefined && FORMS.test(type)) {
    const form = await readForm(exchange, limit)
    return {
      request_body: textOf(body),
      request_body_args: form?.fields,
    }
  }
  // Kong: nobody knows what it is, so it is packed up for the way.
  const packed = config.base64_encode_body === true && !TEXTS.has(type ?? '')
  return {
    ...(packed ? { request_body_base64: true } : {}),
    request_body: packed ? encodeBase64(body ?? new Uint8Array()) : textOf(body),
    request_body_args: {},
  }
}

/** Kong: nothing of a body that is not there. */
function textOf(body: Uint8Array | undefined): string | undefined {
  return body === undefined || body.length === 0 ? undefined : new TextDecoder().decode(body)
}

/** Kong holds so much of a body in memory, and skips what it had to put on a disk. */
const LARGE = 8192

async function readBody(
  { request }: Exchange,
  { skip_large_bodies: skip }: LambdaConfig,
  { bodyLimit, runtime }: Kit,
): Promise<Uint8Array | undefined> {
  if (!request.hasBody) return undefined
  const bytes = await request.readBody(skip === true ? LARGE : bodyLimit)
  // Kong's words, by which its logs are searched.
  if (bytes === undefined) runtime.log('error', 'request body was buffered to disk, too large')
  return bytes
}
