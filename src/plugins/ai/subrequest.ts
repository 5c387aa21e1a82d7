import type { HeaderList } from '../../lib/header-list.ts'
import { messageOf } from '../../lib/message-of.ts'
import type { Kit } from '../../pdk/kit.ts'
import type { HttpProxy } from '../../ports/transport.ts'
import { proxyAt } from '../fields/http-proxy.ts'
import { withCredentials } from './credentials.ts'
import { type Destination, destinationOf } from './destination.ts'
import { type Call, type Driver, type LlmConfig, type Unmapped, unmapped } from './driver.ts'
import type { JsonObject } from './json-reading.ts'
import type { CloudLogin } from './login.ts'
import { withArg } from './query.ts'

/** The proxies on the way to a model: one for each scheme, the port set with the host. */
export interface ProxyFields {
  readonly http_proxy_host: string | null
  readonly http_proxy_port: number | null
  readonly https_proxy_host: string | null
  readonly https_proxy_port: number | null
}

interface Subrequests {
  readonly config: ProxyFields & {
    readonly llm: LlmConfig
    readonly http_timeout: number
    readonly https_verify: boolean
  }
  readonly driver: Driver
  readonly call: Call
  readonly login: CloudLogin | undefined
  readonly kit: Kit
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

const FAILED = 'failed to introspect request with AI service'

/** Asks a model beside a request; gives what it answered, or why it did not. */
export function createSubrequest(
  parts: Subrequests,
): (body: JsonObject) => Promise<string | Unmapped> {
  const { config, driver, call, kit } = parts
  const destination = destinationOf(driver, call, '/')
  if (destination === undefined) return async () => unmapped(`${FAILED}: there is no address`)
  const proxy = proxyFor(destination, config)
  const refusal = driver.refusal ?? ((status: number) => `status code ${status}`)

  return async (body) => {
    try {
      const made = await madeOf(parts, destination, body)
      const { http_timeout: timeout, https_verify: tlsVerify } = config
      const reply = await kit.http({ ...made, method: 'POST', timeout, tlsVerify, proxy })
      const text = decoder.decode(await reply.bytes(kit.bodyLimit))
      return reply.status > 299 ? unmapped(`${FAILED}: ${refusal(reply.status)}`) : text
    } catch (error) {
      const why = messageOf(error)
      return unmapped(`${FAILED}: request to ai service failed: ${why}`)
    }
  }
}

function proxyFor({ scheme }: Destination, config: ProxyFields): HttpProxy | undefined {
  const { http_proxy_host: host, http_proxy_port: port } = config
  const { https_proxy_host: secureHost, https_proxy_port: securePort } = config
  const [name, at] = scheme === 'https' ? [secureHost, securePort] : [host, port]
  return name === null || at === null ? undefined : proxyAt(name, at)
}

async function madeOf(
  { config, driver, call, login }: Subrequests,
  { scheme, authority, path, query: written, own }: Destination,
  body: JsonObject,
) {
  // Kong: an operator's own address is asked as it is written.
  const args = own ? (driver.query?.(call) ?? []) : []
  const proven = withCredentials(config.llm, {
    body,
    query: args.reduce((query, [name, value]) => withArg(query, name, value), written),
    header: () => undefined,
  })
  const query = proven.query === '' ? '' : `?${proven.query}`
  const url = new URL(`${scheme}://${authority}${path}${query}`)
  const bytes = encoder.encode(JSON.stringify(proven.body))
  const signed = (await login?.({ method: 'POST', url, body: bytes })) ?? []
  const headers: HeaderList = [
    ...['Accept', 'application/json', 'Content-Type', 'application/json'],
    ...(driver.headers?.(call) ?? []),
    ...proven.headers,
    ...signed,
  ]
  return { url, headers, body: bytes }
}
