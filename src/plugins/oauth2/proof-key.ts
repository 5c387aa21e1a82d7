import { decodeBase64Url, encodeBase64Url } from '../../lib/base64.ts'
import { sha256 } from '../../lib/sha256.ts'
import { timingSafeEqualText } from '../../lib/timing-safe-equal.ts'
import type { Client } from './client.ts'
import type { OAuth2Config } from './config.ts'
import { type Failure, failure } from './failure.ts'
import type { Parameters } from './parameters.ts'

/** What an application has to show the origin of when it comes with its code (RFC 7636). */
export interface Challenge {
  readonly challenge: string | null
  readonly challenge_method: 'S256' | null
}

const NONE: Challenge = { challenge: null, challenge_method: null }

/** Reads the challenge of a request for a code. */
export function challengeOf(
  parameters: Parameters,
  client: Client | undefined,
  config: OAuth2Config,
): Challenge | Failure {
  const sent = parameters.text('code_challenge')
  const method = parameters.text('code_challenge_method')
  if (sent === undefined) {
    if (parameters.has('code_challenge_method')) {
      return refused('code_challenge is required when code_method is present')
    }
    if (client !== undefined && needsProof(client, config)) {
      return refused('code_challenge is required for public clients')
    }
    return NONE
  }
  if (method !== undefined && method.toUpperCase() !== 'S256') {
    return refused('code_challenge_method is not supported, must be S256')
  }
  const decoded = decodeBase64Url(sent)
  // With padding it is the same challenge.
  const challenge = decoded === undefined ? sent : encodeBase64Url(decoded)
  return { challenge, challenge_method: 'S256' }
}

/** Holds a code's challenge against what the application shows now. */
export function checkVerifier(
  parameters: Parameters,
  challenge: string | null,
): Failure | undefined {
  if (!parameters.has('code_verifier')) {
    return refused('code_verifier is required for PKCE authorization requests')
  }
  const verifier = parameters.text('code_verifier')
  if (verifier === undefined) return refused('code_verifier is not a string')

  const bytes = new TextEncoder().encode(verifier)
  if (bytes.length < 43 || bytes.length > 128) {
    return refused('code_verifier must be between 43 and 128 characters')
  }
  const same = challenge !== null && timingSafeEqualText(encodeBase64Url(sha256(bytes)), challenge)
  return same ? undefined : failure('invalid_grant', 'Invalid code')
}

/** Whether an application has to use a proof key at all. */
export function needsProof({ client_type: type }: Client, { pkce }: OAuth2Config): boolean {
  return type === 'public' ? pkce !== 'none' : pkce === 'strict'
}

function refused(description: string): Failure {
  return failure('invalid_request', description)
}
