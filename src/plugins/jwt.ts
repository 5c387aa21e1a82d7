import { toByteString } from '../lib/byte-string.ts'
import { readToken } from '../lib/json-web-token.ts'
import { createRecentMap } from '../lib/recent-map.ts'
import { type Attempt, authenticating } from '../pdk/authentication.ts'
import type { Exchange } from '../pdk/exchange.ts'
import { type Exit, exitJson } from '../pdk/exit.ts'
import type { Entities } from '../pdk/kit.ts'
import { definePlugin } from '../pdk/plugin.ts'
import { rowOf } from '../schema/entity.ts'
import { getOwn } from '../schema/field.ts'
import { claimErrors } from './jwt/claims.ts'
import { algorithmOf, createKeys, type JwtSecret } from './jwt/keys.ts'
import { jwtSecret } from './jwt/secret.ts'
import { findToken } from './jwt/tokens.ts'

/** Authenticates by signed JSON Web Tokens. */
export const jwt = definePlugin(
  {
    name: 'jwt',
    priority: 1450,
    unscoped: ['consumer'],
    about: {
      summary:
        'Lets in whoever sends a JSON Web Token that was signed with a key of a consumer, and tells the upstream who it is.',
      example: { claims_to_verify: ['exp', 'nbf'], maximum_expiration: 3600 },
      notes: [
        'A consumer gets a key by `POST /consumers/{consumer}/jwt`. A token names it in the claim that `key_claim_name` says, or in its header under that name.',
        'The algorithm is the one stored with the key: a token that names another is refused, and `none` is no algorithm.',
        'With `secret_is_base64` the stored secrets are taken for base64; public keys are PEM all the same.',
        'A signature found good is remembered, by the whole token, until the key changes or a thousand other tokens came; the times in the token are looked at each time.',
      ],
    },
    entities: [jwtSecret],
    config: {
      type: 'record',
      required: true,
      fields: {
        uri_param_names: { type: 'set', default: ['jwt'], elements: { type: 'string' } },
        cookie_names: { type: 'set', default: [], elements: { type: 'string' } },
        key_claim_name: { type: 'string', default: 'iss' },
        secret_is_base64: { type: 'boolean', required: true, default: false },
        claims_to_verify: { type: 'set', elements: { type: 'string', one_of: ['exp', 'nbf'] } },
        anonymous: { type: 'string' },
        run_on_preflight: { type: 'boolean', required: true, default: true },
        maximum_expiration: { type: 'number', default: 0, between: [0, 31536000] },
        header_names: { type: 'set', default: ['authorization'], elements: { type: 'string' } },
        realm: { type: 'string', required: false },
      },
    },
    entityChecks: [
      {
        conditional: {
          if_field: 'config.maximum_expiration',
          if_match: { gt: 0 },
          then_field: 'config.claims_to_verify',
          then_match: { contains: 'exp' },
        },
      },
    ],
  },
  (config, kit) => {
    const refuse = refusals(config.realm)
    const keyOf = createKeys(config.secret_is_base64)
    const proven = createRecentMap<string, Proven>(MOST_PROVEN)

    const admit = (exchange: Exchange, { token, secret, claims }: Proven): Attempt => {
      const errors = claimErrors(claims, config, Math.floor(kit.runtime.now() / 1000))
      if (errors !== undefined) return refuse.token(errors)
      const consumer = kit.entities.get('consumers', secret.consumer.id)
      if (consumer === undefined) return refuse.token(noCredentials(config.key_claim_name ?? 'iss'))
      exchange.shared.set('authenticated_jwt_token', token)
      return { consumer, credential: secret, identifier: secret.key }
    }
    const prove = async (exchange: Exchange, claimed: Claimed): Promise<Attempt> => {
      const { token, secret, claims, signature, signed } = claimed
      const verify = await keyOf(secret)
      if (verify === undefined) return refuse.token('Invalid key/secret')
      if (!(await verify(signature, signed))) return refuse.token('Invalid signature')
      const known = { token, secret, claims }
      if (token.length <= LONGEST_PROVEN) proven.set(token, known)
      return admit(exchange, known)
    }

    return authenticating(config, kit, (exchange) => {
      const token = findToken(config, exchange)
      if (token === undefined) return refuse.nobody
      if (typeof token !== 'string') return refuse.token(token.error)
      const known = proven.get(token)
      if (known !== undefined && isStored(kit.entities, known.secret)) return admit(exchange, known)
      const claimed = readClaimed(token, config.key_claim_name, kit.entities)
      return typeof claimed === 'string' ? refuse.token(claimed) : prove(exchange, claimed)
    })
  },
)

/** Tokens whose signature was found good, and how long one may be to be remembered. */
const MOST_PROVEN = 1000
const LONGEST_PROVEN = 4096

/** Whose key a token was signed with, and what it says. */
interface Proven {
  readonly token: string
  readonly secret: JwtSecret
  readonly claims: Readonly<Record<string, unknown>>
}

/** A token that says whose it is, nothing of it proven. */
interface Claimed extends Proven {
  readonly signature: Uint8Array<ArrayBuffer>
  readonly signed: string
}

/** Finds the key that a token says it was signed with; a text says why there is none. */
function readClaimed(token: string, named: string | null, entities: Entities): Claimed | string {
  const claim = named ?? 'iss'
  const read = readToken(token)
  if ('error' in read) return `Bad token; ${read.error}`
  const { claims, header, algorithm, signature, signed } = read
  const key = keyIn(claims, claim) ?? keyIn(header, claim)
  if (key === undefined) return `No mandatory '${claim}' in claims`
  if (key === '') return `Invalid '${claim}' in claims`
  const row = typeof key === 'string' ? entities.getBy('jwt_secrets', 'key', key) : undefined
  if (row === undefined) return noCredentials(claim)
  const secret = rowOf(jwtSecret, row)
  if (algorithmOf(secret) !== algorithm) return 'Invalid algorithm'
  return { token, claims, signature, signed, secret }
}

function noCredentials(claim: string): string {
  return `No credentials found for given '${claim}'`
}

/** Lua: false is as good as nothing. */
function keyIn(part: Readonly<Record<string, unknown>>, claim: string): unknown {
  const value = getOwn(part, claim)
  return value === false || value === null ? undefined : value
}

/** A stored row is replaced whole when anything of it changes. */
function isStored(entities: Entities, secret: JwtSecret): boolean {
  return entities.get('jwt_secrets', secret.id) === secret
}

interface Refusals {
  /** For a client without a token. */
  readonly nobody: Exit
  /** For one whose token does not do. */
  token(why: string | Readonly<Record<string, string>>): Exit
}

function refusals(realm: string | null): Refusals {
  const scheme = realm === null ? 'Bearer' : toByteString(`Bearer realm="${realm}"`)
  const separator = realm === null ? ' ' : ', '
  const challenge = ['WWW-Authenticate', `${scheme}${separator}error="invalid_token"`]
  return {
    nobody: exitJson(401, { message: 'Unauthorized' }, ['WWW-Authenticate', scheme]),
    token: (why) => exitJson(401, typeof why === 'string' ? { message: why } : why, challenge),
  }
}
