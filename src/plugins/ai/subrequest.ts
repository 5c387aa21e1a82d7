import type { HeaderList } from '../../lib/header-list.ts'
import type { Kit } from '../../pdk/kit.ts'
import { withCredentials } from './credentials.ts'
import { type Destination, destinationOf } from './destination.ts'
import { type Call, type Driver, type LlmConfig, type Unmapped, unmapped } from './driver.ts'
import type { JsonObject } from './json-reading.ts'
import type { CloudLogin } from './login.ts'
import { withArg } from './query.ts'

interface Subrequests {
  readonly config: {
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

  return async (body) => {
    try {
      const made = await madeOf(parts, destination, body)
      const { http_timeout: timeout, https_verify: tlsVerify } = config
      const reply = await kit.http({ ...made, method: 'POST', timeout, tlsVerify })
      const text = decoder.decode(await reply.bytes(kit.bodyLimit))
      return reply.status > 299 ? unmapped(`${FAILED}: status code ${reply.status}`) : text
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      return unmapped(`${FAILED}: request to ai service failed: ${why}`)
    }
  }
}

async function madeOf(
  { config, driver, call, login }: Subrequests,
  { scheme, authority, path }: Destination,
  body: JsonObject,
) {
  const args = driver.query?.(call) ?? []
  const proven = withCredentials(config.llm, {
    body,
    query: args.reduce((query, [name, value]) => withArg(query, name, value), ''),
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
