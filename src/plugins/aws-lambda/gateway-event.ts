import { encodeBase64 } from '../../lib/base64.ts'
import { fromByteString } from '../../lib/byte-string.ts'
import type { Exchange } from '../../pdk/exchange.ts'
import type { Entities } from '../../pdk/kit.ts'
import { argLists, firstOf, headerLists } from './request-parts.ts'
import { requestTime } from './request-time.ts'

/** What it is made of beside the request. */
export interface EventParts {
  readonly body: Uint8Array | undefined
  readonly config: { readonly base64_encode_body: boolean | null }
  readonly entities: Entities
}

/** A request in the form that Amazon's API gateway gives it (version 1.0). */
export function gatewayEvent(exchange: Exchange, { body, config, entities }: EventParts) {
  const { request, upstream } = exchange
  const [headers, args] = [headerLists(exchange), argLists(exchange)]
  const path = fromByteString(upstream.path)
  return {
    version: '1.0',
    resource: resourceOf(exchange, entities),
    path,
    httpMethod: request.method,
    headers: firstOf(headers),
    multiValueHeaders: headers,
    pathParameters: request.captures.named,
    queryStringParameters: firstOf(args),
    multiValueQueryStringParameters: args,
    ...contentOf(body, config.base64_encode_body === true),
    requestContext: contextOf(exchange, path),
  }
}

/** Kong: an empty body stays as it is, one that is absent is packed up too. */
function contentOf(body: Uint8Array | undefined, packed: boolean) {
  if (packed && (body === undefined || body.length > 0)) {
    return { body: encodeBase64(body ?? new Uint8Array()), isBase64Encoded: true }
  }
  const text = body === undefined ? undefined : new TextDecoder().decode(body)
  return { body: text, isBase64Encoded: false }
}

function contextOf(exchange: Exchange, path: string) {
  const { request, client, id, startedAt } = exchange
  return {
    path,
    protocol: `HTTP/${request.httpVersion === '1.0' ? '1' : request.httpVersion}`,
    httpMethod: request.method,
    domainName: request.host,
    domainPrefix: request.host.split('.', 1)[0],
    identity: { sourceIp: client.peerIp, userAgent: request.headers.get('user-agent') },
    requestId: id,
    requestTime: requestTime(startedAt),
    requestTimeEpoch: startedAt,
    resourcePath: path,
  }
}

/** The route's path that the request came by. Kong: a regex without what marks it as one. */
function resourceOf({ route, request }: Exchange, entities: Entities): string | undefined {
  const paths = route && entities.get('routes', route.id)?.paths
  if (!Array.isArray(paths)) return undefined
  const texts = paths.filter((path) => typeof path === 'string')
  const plain = texts
    .filter((path) => !path.startsWith('~') && request.path.startsWith(path))
    .sort((a, b) => b.length - a.length)
  return plain[0] ?? texts.find((path) => path.startsWith('~'))?.slice(1)
}
