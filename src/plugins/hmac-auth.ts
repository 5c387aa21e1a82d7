import { encodeBase64 } from '../lib/base64.ts'
import { toByteString } from '../lib/byte-string.ts'
import { parseHttpDate } from '../lib/http-date.ts'
import { bytesOf } from '../lib/latin1.ts'
import { timingSafeEqualText } from '../lib/timing-safe-equal.ts'
import { type Attempt, authenticating } from '../pdk/authentication.ts'
import type { ClientSide, Exchange } from '../pdk/exchange.ts'
import { refusal } from '../pdk/exit.ts'
import type { Entities } from '../pdk/kit.ts'
import { definePlugin } from '../pdk/plugin.ts'
import { type EntityOf, rowOf } from '../schema/entity.ts'
import { hmacAuthCredential } from './hmac-auth/credential.ts'
import { type HmacCheck, hmacCheck } from './hmac-auth/hmac-check.ts'
import { type HmacSignature, readSignature, signedText } from './hmac-auth/signature.ts'

const NO_DATE =
  'HMAC signature cannot be verified, a valid date or x-date header is required for HMAC Authentication'
const NOT_VALID = 'HMAC signature cannot be verified'
const NOT_SAME = 'HMAC signature does not match'

/** Authenticates by a signature over parts of the request. */
export const hmacAuth = definePlugin(
  {
    name: 'hmac-auth',
    priority: 1030,
    unscoped: ['consumer'],
    about: {
      summary:
        'Lets in whoever signs parts of the request with the secret of a consumer, and tells the upstream who it is.',
      example: {
        algorithms: ['hmac-sha256'],
        enforce_headers: ['date', '@request-target'],
        validate_request_body: true,
      },
      notes: [
        'A consumer gets a user name and a secret by `POST /consumers/{consumer}/hmac-auth`.',
        'A client sends `Authorization: hmac username="…", algorithm="hmac-sha256", headers="date @request-target", signature="…"`: the signature, in base64, is over one line for each name, `name: value`, joined by line feeds. `@request-target` stands for `@request-target: get /path?query`, and `request-line` for the bare first line of the request.',
        'A header that comes several times is signed with all its values, joined by a comma and a space.',
        'Without `enforce_headers` the client chooses what it signs, which may be nothing that matters; and a `Date` it does not sign protects from no replay.',
        '`validate_request_body` wants `Digest: SHA-256=…` of the body; the body is held whole for it, up to 10 MB. Sign the header `digest` too.',
      ],
    },
    entities: [hmacAuthCredential],
    config: {
      type: 'record',
      required: true,
      fields: {
        hide_credentials: { type: 'boolean', required: true, default: false },
        clock_skew: { type: 'number', default: 300, gt: 0 },
        anonymous: { type: 'string' },
        validate_request_body: { type: 'boolean', required: true, default: false },
        enforce_headers: { type: 'array', default: [], elements: { type: 'string' } },
        algorithms: {
          type: 'array',
          default: ['hmac-sha1', 'hmac-sha256', 'hmac-sha384', 'hmac-sha512'],
          elements: {
            type: 'string',
            one_of: ['hmac-sha1', 'hmac-sha256', 'hmac-sha384', 'hmac-sha512'],
          },
        },
        realm: { type: 'string', required: false },
      },
    },
  },
  (config, kit) => {
    const challenge = config.realm === null ? 'hmac' : toByteString(`hmac realm="${config.realm}"`)
    const refuse = (message: string) => refusal(401, message, ['WWW-Authenticate', challenge])
    const checkFor = createChecks()
    const skew = config.clock_skew ?? 300

    const admit = (credential: Credential): Attempt => {
      const consumer = kit.entities.get('consumers', credential.consumer.id)
      if (consumer === undefined) return refuse(NOT_VALID)
      return { consumer, credential, identifier: credential.username }
    }
    const settle = (request: ClientSide, credential: Credential, same: boolean) => {
      if (!same) return refuse(NOT_SAME)
      if (!config.validate_request_body) return admit(credential)
      return isDigested(request, kit.bodyLimit).then((digested) =>
        digested ? admit(credential) : refuse(NOT_SAME),
      )
    }
    const prove = ({ request }: Exchange, given: HmacSignature, credential: Credential) => {
      const check = checkFor(credential, given.algorithm)
      const same = check(given.signature, bytesOf(signedText(given.names, request)))
      return same instanceof Promise
        ? same.then((known) => settle(request, credential, known))
        : settle(request, credential, same)
    }

    return authenticating(config, kit, (exchange) => {
      const { headers } = exchange.request
      if (!headers.has('authorization') && !headers.has('proxy-authorization'))
        return refuse('Unauthorized')
      if (!isTimely(exchange.request, kit.runtime.now(), skew)) return refuse(NO_DATE)
      const given = takeSignature(exchange, config.hide_credentials)
      if (given === undefined || !isAllowed(given, config)) return refuse(NOT_VALID)
      const credential = findCredential(kit.entities, given.username)
      return credential === undefined ? refuse(NOT_VALID) : prove(exchange, given, credential)
    })
  },
)

type Credential = EntityOf<typeof hmacAuthCredential>

function findCredential(entities: Entities, username: string): Credential | undefined {
  const row = entities.getBy('hmacauth_credentials', 'username', username)
  return row && rowOf(hmacAuthCredential, row)
}

/** Kong: one of the two dates has to be near ours; in whole seconds. */
function isTimely({ headers }: ClientSide, now: number, skew: number): boolean {
  return ['x-date', 'date'].some((name) => {
    const time = parseHttpDate(headers.get(name) ?? '')
    return time !== undefined && Math.abs(Math.floor(now / 1000) - time / 1000) <= skew
  })
}

/** Kong: without a signature in `Proxy-Authorization`, `Authorization` is looked at, and hidden whatever it holds. */
function takeSignature({ request, upstream }: Exchange, hide: boolean): HmacSignature | undefined {
  const first = readSignature(request.headers.get('proxy-authorization'))
  const given = first ?? readSignature(request.headers.get('authorization'))
  if (hide) upstream.headers.delete(first === undefined ? 'authorization' : 'proxy-authorization')
  return given
}

interface Demands {
  readonly enforce_headers: readonly string[] | null
  readonly algorithms: readonly string[] | null
}

function isAllowed({ algorithm, names }: HmacSignature, demands: Demands): boolean {
  const { enforce_headers: enforced, algorithms } = demands
  if (!(algorithms ?? []).includes(algorithm)) return false
  return (enforced ?? []).every((name) => names.includes(name))
}

/** Prepares each secret once for each algorithm, for as long as it stays as it is. */
function createChecks(): (credential: Credential, algorithm: string) => HmacCheck {
  const prepared = new WeakMap<Credential, Map<string, HmacCheck>>()
  return (credential, algorithm) => {
    const checks = prepared.get(credential) ?? new Map<string, HmacCheck>()
    prepared.set(credential, checks)
    const check = checks.get(algorithm) ?? hmacCheck(algorithm, credential.secret)
    checks.set(algorithm, check)
    return check
  }
}

/** Whether `Digest` is the body's; one that is not there does for an empty body. */
async function isDigested(request: ClientSide, limit: number): Promise<boolean> {
  const body = await request.readBody(limit)
  if (body === undefined) return false
  const digest = request.headers.get('digest')
  if (digest === undefined) return body.length === 0
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', body.slice()))
  return timingSafeEqualText(digest, `SHA-256=${encodeBase64(hash)}`)
}
