import { errors, importJWK, type JWK } from 'jose'
import { checkMembers } from '../schema/check-value.ts'
import { leavesOf, membersOf } from '../schema/error-tree.ts'
import { isObject } from '../schema/field.ts'

const UNLOADABLE = 'could not load JWK, likely not a valid key'

/** What each kind of key must have, and the algorithm it is tried with. */
const CURVES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  EC: { 'P-256': 'ES256', 'P-384': 'ES384', 'P-521': 'ES512', secp256k1: 'ES256K' },
  OKP: { Ed25519: 'Ed25519', X25519: 'ECDH-ES', Ed448: 'Ed448', X448: 'ECDH-ES' },
}

/** Members that restrict the use of a key, which is not what is asked here. */
const RESTRICTIONS = ['alg', 'use', 'key_ops', 'ext']

const text = { type: 'string' } as const
const texts = { type: 'array', elements: text } as const

/** The members Kong knows; RFC 7517 would have others ignored, Kong refuses them. */
const MEMBERS = {
  ...Object.fromEntries(
    ['issuer', 'kty', 'use', 'alg', 'kid', 'x5u', 'x5t', 'x5t#S256', 'k', 'x', 'y', 'crv']
      .concat(['n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'r', 't'])
      .map((name) => [name, text]),
  ),
  key_ops: texts,
  x5c: texts,
}

/** Why a text is no JWK of that name, as far as can be told at once. */
export function checkJwk(text: string, kid: unknown): string | undefined {
  const jwk = parse(text)
  if (jwk === undefined) return 'could not json decode jwk string'
  if (!isObject(jwk) || jwk.kid !== kid) return 'kid in jwk.kid must be equal to keys.kid'
  return algorithmOf(jwk) === undefined ? UNLOADABLE : checkJwkMembers(jwk)
}

/** Kong has a text of its own for violations inside of a text. */
function checkJwkMembers(jwk: Readonly<Record<string, unknown>>): string | undefined {
  const errors = checkMembers(MEMBERS, jwk)
  if (errors === undefined) return undefined
  const parts = membersOf(errors).map(([name, error]) => {
    const inside = leavesOf(error).map((leaf) => leaf.text)
    const said = typeof error === 'string' ? error : `Validation error: ${inside.join('; ')}`
    return `${name}: ${said}`
  })
  return `Validation error: ${parts.join('; ')}`
}

/** Why a JWK cannot be loaded; one of a kind that the runtime does not know is taken as it is. */
export async function tryJwk(text: string): Promise<string | undefined> {
  const jwk = parse(text)
  const algorithm = isObject(jwk) ? algorithmOf(jwk) : undefined
  if (!isObject(jwk) || algorithm === undefined) return UNLOADABLE
  try {
    await importJWK(bare(jwk), algorithm)
    return undefined
  } catch (error) {
    return isUnsupported(error) ? undefined : UNLOADABLE
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function algorithmOf(jwk: Readonly<Record<string, unknown>>): string | undefined {
  const { kty, crv } = jwk
  if (kty === 'RSA') return has(jwk, 'n', 'e') ? 'RS256' : undefined
  if (typeof kty !== 'string' || typeof crv !== 'string') return undefined
  if (!has(jwk, 'x') || (kty === 'EC' && !has(jwk, 'y'))) return undefined
  const curves = Object.hasOwn(CURVES, kty) ? CURVES[kty] : undefined
  return curves !== undefined && Object.hasOwn(curves, crv) ? curves[crv] : undefined
}

function has(jwk: Readonly<Record<string, unknown>>, ...names: readonly string[]): boolean {
  return names.every((name) => typeof jwk[name] === 'string' && jwk[name] !== '')
}

/** An RSA key may leave out its primes, which runtimes insist on; its public half is loaded then. */
function bare(jwk: Readonly<Record<string, unknown>>): JWK {
  const dropped = jwk.kty === 'RSA' && jwk.p === undefined ? [...RESTRICTIONS, 'd'] : RESTRICTIONS
  return Object.fromEntries(Object.entries(jwk).filter(([name]) => !dropped.includes(name)))
}

function isUnsupported(error: unknown): boolean {
  if (error instanceof errors.JOSENotSupported) return true
  return error instanceof DOMException && error.name === 'NotSupportedError'
}
