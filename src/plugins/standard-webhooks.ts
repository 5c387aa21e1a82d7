import { decodeBase64 } from '../lib/base64.ts'
import type { Exchange } from '../pdk/exchange.ts'
import { type Exit, refusal } from '../pdk/exit.ts'
import { definePlugin } from '../pdk/plugin.ts'

/** Checks the signature of a webhook. */
export const standardWebhooks = definePlugin(
  {
    name: 'standard-webhooks',
    priority: 760,
    unscoped: ['consumer'],
    about: {
      summary: 'Lets in webhooks that are signed as the Standard Webhooks specification says.',
      example: { secret_v1: 'a-long-shared-secret', tolerance_second: 300 },
      notes: [
        'The secret is used as it is written, as in Kong: it is not decoded, and a prefix `whsec_` would be a part of it.',
        'Of several signatures one has to fit, so that a sender may change its secret. A webhook without body is refused.',
      ],
    },
    config: {
      type: 'record',
      required: true,
      fields: {
        secret_v1: { type: 'string', required: true, referenceable: true, encrypted: true },
        tolerance_second: { type: 'integer', required: true, default: 300, gt: -1 },
      },
    },
  },
  ({ secret_v1: secret, tolerance_second: tolerance }, { runtime, bodyLimit }) => {
    // A reference nobody could look up: with no secret anybody could sign.
    if (secret === '') throw new Error('there is no secret')
    const key = importKey(secret)
    const refused = refusal(400, 'Bad request')

    return {
      access(exchange) {
        const webhook = webhookOf(exchange)
        if (webhook === undefined) return refused
        if (runtime.now() / 1000 - webhook.timestamp > tolerance) return refused
        if (webhook.signatures.length === 0) return refused
        return check(exchange, webhook)
      },
    }

    async function check(exchange: Exchange, webhook: Webhook): Promise<Exit | undefined> {
      const body = await exchange.request.readBody(bodyLimit)
      if (body === undefined) return refusal(413, 'Request size limit exceeded')
      if (body.length === 0) return refused
      return (await isSigned(webhook, body, await key)) ? undefined : refused
    }
  },
)

/** What a webhook says of itself. */
interface Webhook {
  readonly id: string
  /** Seconds since 1970. */
  readonly timestamp: number
  readonly signatures: readonly Uint8Array<ArrayBuffer>[]
}

const encoder = new TextEncoder()
const SECONDS = /^(?:0|[1-9]\d{0,14})$/

/** Most signatures that are looked at: each costs work. */
const MOST = 8

function webhookOf({ request: { headers } }: Exchange): Webhook | undefined {
  const id = headers.get('webhook-id')
  const time = headers.get('webhook-timestamp')
  const signed = headers.get('webhook-signature')
  if (id === undefined || time === undefined || signed === undefined) return undefined
  // Kong: a time that is none is that of 1970.
  const timestamp = SECONDS.test(time) ? Number(time) : 0
  const signatures = signed
    .split(' ', MOST)
    .flatMap((one) => (one.startsWith('v1,') ? (decodeBase64(one.slice(3)) ?? []) : []))
  return { id, timestamp, signatures }
}

function importKey(secret: string): Promise<CryptoKey> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  return crypto.subtle.importKey('raw', encoder.encode(secret), algorithm, false, ['verify'])
}

/** Compares in constant time, as `verify` does. */
async function isSigned(
  { id, timestamp, signatures }: Webhook,
  body: Uint8Array,
  key: CryptoKey,
): Promise<boolean> {
  const head = Uint8Array.from(`${id}.${timestamp}.`, (char) => char.charCodeAt(0))
  const content = new Uint8Array(head.length + body.length)
  content.set(head)
  content.set(body, head.length)
  for (const signature of signatures) {
    if (await crypto.subtle.verify('HMAC', key, signature, content)) return true
  }
  return false
}
