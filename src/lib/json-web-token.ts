import { decodeBase64Url } from './base64.ts'

/** How tokens may be signed. */
export const TOKEN_ALGORITHMS = [
  'HS256',
  'HS384',
  'HS512',
  'RS256',
  'RS384',
  'RS512',
  'ES256',
  'ES384',
  'ES512',
  'PS256',
  'PS384',
  'PS512',
  'EdDSA',
] as const

/** One of them. */
export type TokenAlgorithm = (typeof TOKEN_ALGORITHMS)[number]

/** A token taken apart; nothing of it is proven yet. */
export interface JsonWebToken {
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
  readonly algorithm: TokenAlgorithm
  /** What the signature is over: the first two parts as they were written. */
  readonly signed: string
  readonly signature: Uint8Array<ArrayBuffer>
}

/** Why a text is no token. */
export interface NoToken {
  readonly error: 'invalid JSON' | 'invalid alg' | 'invalid claims' | 'invalid signature'
}

const decoder = new TextDecoder()

/** Takes a token in compact form apart. */
export function readToken(token: string): JsonWebToken | NoToken {
  const first = token.indexOf('.')
  const second = token.indexOf('.', first + 1)
  if (first < 0 || second < 0) return { error: 'invalid JSON' }
  const header = readJson(token.slice(0, first))
  const claims = readJson(token.slice(first + 1, second))
  if (header === undefined || claims === undefined) return { error: 'invalid JSON' }
  const algorithm = isRecord(header) ? algorithmOf(header) : undefined
  if (!isRecord(header) || algorithm === undefined) return { error: 'invalid alg' }
  if (!isRecord(claims)) return { error: 'invalid claims' }
  const signature = decodeBase64Url(token.slice(second + 1))
  if (signature === undefined) return { error: 'invalid signature' }
  return { header, claims, algorithm, signed: token.slice(0, second), signature }
}

/** `none` is none of them. */
function algorithmOf(header: Readonly<Record<string, unknown>>): TokenAlgorithm | undefined {
  const alg = Object.hasOwn(header, 'alg') ? header.alg : undefined
  return TOKEN_ALGORITHMS.find((known) => known === alg)
}

function readJson(part: string): unknown {
  const bytes = decodeBase64Url(part)
  if (bytes === undefined) return undefined
  try {
    return JSON.parse(decoder.decode(bytes))
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
