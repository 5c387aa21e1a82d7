import { type Exit, refusal } from '../pdk/exit.ts'
import { definePlugin } from '../pdk/plugin.ts'

/** Refuses bodies above a size. */
export const requestSizeLimiting = definePlugin(
  {
    name: 'request-size-limiting',
    priority: 951,
    about: {
      summary: 'Refuses requests whose body is larger than allowed, with 413.',
      example: { allowed_payload_size: 10, size_unit: 'megabytes' },
      notes: [
        'A megabyte is 2^20 bytes, a kilobyte 2^10. A body that tells no length is counted on its way to the upstream, without being held: it is cut off, and the client refused, as soon as it is too long.',
        'A client that sends `Expect: 100-continue` gets 417. With `require_content_length` whoever tells no length gets 411, requests without a body too; a body in chunks of HTTP/1.1 is counted instead.',
      ],
    },
    config: {
      type: 'record',
      required: true,
      fields: {
        allowed_payload_size: { type: 'integer', default: 128 },
        size_unit: {
          type: 'string',
          required: true,
          default: 'megabytes',
          one_of: ['megabytes', 'kilobytes', 'bytes'],
        },
        require_content_length: { type: 'boolean', required: true, default: false },
      },
    },
  },
  (config) => {
    const limit = (config.allowed_payload_size ?? 128) * BYTES[config.size_unit]
    const noLength = refusal(411, 'A valid Content-Length header is required')

    return {
      access({ request }): Exit | undefined {
        const length = request.headers.get('content-length')
        const isCounted = request.hasBody && request.bodyLength === undefined
        // Kong: chunks, which tell no length, are counted all the same; HTTP/2 has none.
        const isChunked = isCounted && request.httpVersion !== '2'
        if (length === undefined && config.require_content_length && !isChunked) return noLength
        const tooLong = isExpecting(request.headers.get('expect')) ? EXPECTED : TOO_LONG
        if ((request.bodyLength ?? Number(length)) > limit) return tooLong
        return isCounted ? request.limitBody(limit, tooLong) : undefined
      },
    }
  },
)

const BYTES = { megabytes: 2 ** 20, kilobytes: 2 ** 10, bytes: 1 } as const

const MESSAGE = 'Request size limit exceeded'
const TOO_LONG = refusal(413, MESSAGE)
const EXPECTED = refusal(417, MESSAGE)

function isExpecting(value: string | undefined): boolean {
  return value?.trim().toLowerCase() === '100-continue'
}
