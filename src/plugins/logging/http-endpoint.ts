import { toByteString } from '../../lib/byte-string.ts'
import type { Kit } from '../../pdk/kit.ts'

/** A server that entries are sent to. */
export interface HttpEndpoint {
  readonly url: URL
  /** `Basic …` for the user info of the URL. */
  readonly authorization: string | undefined
}

/** Reads an endpoint; undefined, and told in the log, for one that no URL can be made of. */
export function httpEndpointOf(text: string, kit: Kit): HttpEndpoint | undefined {
  const userInfo = /^[^:/?#]*:\/\/([^/?#]*)@/.exec(text)?.[1]
  const bare = userInfo === undefined ? text : text.replace(`${userInfo}@`, '')
  try {
    const authorization =
      userInfo === undefined ? undefined : `Basic ${btoa(toByteString(userInfo))}`
    return { url: new URL(bare), authorization }
  } catch {
    const { name: plugin, id } = kit.plugin
    kit.runtime.log('error', 'Cannot send to such an endpoint', { plugin, id })
    return undefined
  }
}

/** Times in milliseconds that an exchange with a server may take. */
export interface HttpTimes {
  readonly timeout: number
  readonly connectTimeout?: number
  readonly writeTimeout?: number
}

/** One batch on its way. */
export interface HttpBatch extends HttpTimes {
  readonly endpoint: HttpEndpoint
  readonly method: string
  /** Names and values, beside the endpoint's Authorization. */
  readonly headers: readonly string[]
  readonly body: Uint8Array
  /** Kong looks at certificates of some of these servers only. */
  readonly tlsVerify: boolean
  readonly isSuccess: (status: number) => boolean
}

const MOST_READ = 1024

/** Sends a batch; rejects, saying the status, when the server does not take it. */
export async function sendBatch(kit: Kit, batch: HttpBatch): Promise<void> {
  const { endpoint, headers, isSuccess, ...call } = batch
  const { url, authorization } = endpoint
  const list = [...headers]
  if (authorization !== undefined) list.push('Authorization', authorization)
  const reply = await kit.http({ ...call, url, headers: list })
  const text = await reply.bytes(MOST_READ).catch(() => new Uint8Array())
  if (isSuccess(reply.status)) return
  const said = new TextDecoder().decode(text)
  throw new Error(`request to ${url.host} returned status code ${reply.status} and body ${said}`)
}
