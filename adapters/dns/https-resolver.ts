import { encodeQuery } from '../../src/dns/message.ts'
import { readReply } from '../../src/dns/reply.ts'
import type { Answer, Resolver } from '../../src/ports/resolver.ts'

/** Where DNS is spoken over HTTPS. */
export interface HttpsResolverOptions {
  /** As in `https://dns.example/dns-query`. */
  readonly url: string
  /** Milliseconds. */
  readonly timeout?: number
  readonly fetch?: typeof fetch
}

const MEDIA_TYPE = 'application/dns-message'
const TIMEOUT = 5_000
const MOST_BYTES = 65_535

/** A resolver that asks over HTTPS (RFC 8484), for where there are no sockets. */
export function createHttpsResolver(options: HttpsResolverOptions): Resolver {
  const { url, timeout = TIMEOUT, fetch: send = (...parts) => fetch(...parts) } = options

  return {
    async query(name, type): Promise<Answer> {
      // RFC 8484: 0, so that caches on the way see the same question.
      const query = { id: 0, name, type }
      const body = encodeQuery(query)
      if (body === undefined) return { ok: false, reason: 'nxdomain' }
      try {
        const response = await send(url, {
          method: 'POST',
          headers: { 'content-type': MEDIA_TYPE, accept: MEDIA_TYPE },
          // Made over a plain ArrayBuffer by encodeQuery.
          body: body as Uint8Array<ArrayBuffer>,
          redirect: 'manual',
          signal: AbortSignal.timeout(timeout),
        })
        const bytes = await messageOf(response)
        const reply = bytes === undefined ? undefined : readReply(bytes, query)
        if (reply === undefined || reply === 'truncated') return { ok: false, reason: 'servfail' }
        return reply
      } catch (error) {
        const late = error instanceof Error && error.name === 'TimeoutError'
        return { ok: false, reason: late ? 'timeout' : 'refused' }
      }
    },
  }
}

/** The message in an answer; undefined when there is none, or more than one can be. */
async function messageOf(response: Response): Promise<Uint8Array | undefined> {
  const type = response.headers.get('content-type') ?? ''
  const length = Number(response.headers.get('content-length') ?? 0)
  if (response.status !== 200 || !type.startsWith(MEDIA_TYPE) || length > MOST_BYTES) {
    await response.body?.cancel()
    return undefined
  }
  const bytes = new Uint8Array(await response.arrayBuffer())
  return bytes.length > MOST_BYTES ? undefined : bytes
}
