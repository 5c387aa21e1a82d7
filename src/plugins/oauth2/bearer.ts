import { toByteString } from '../../lib/byte-string.ts'
import type { Attempt } from '../../pdk/authentication.ts'
import type { Exchange } from '../../pdk/exchange.ts'
import { type Exit, exitJson } from '../../pdk/exit.ts'
import type { Entities, Kit } from '../../pdk/kit.ts'
import { rowOf } from '../../schema/entity.ts'
import type { OAuth2Config } from './config.ts'
import { oauth2Credential } from './credential.ts'
import { failure } from './failure.ts'
import type { Token } from './issue.ts'
import { oauth2Token } from './token.ts'

const EXPIRED = 'The access token is invalid or has expired'
const GLOBAL =
  "The access token is global, but the current plugin is configured without 'global_credentials'"

/** Tells who shows a token, or refuses it. */
export function createBearer(
  config: OAuth2Config,
  { entities, runtime }: Kit,
): (exchange: Exchange, token: string | undefined) => Attempt {
  const scheme = config.realm === null ? 'Bearer' : `Bearer realm="${config.realm}"`
  // Kong: whatever the body says of a token, the challenge says this.
  const challenge = `${scheme} error="invalid_token" error_description="${EXPIRED}"`
  const invalid = (description: string): Exit =>
    unauthorized('invalid_token', description, challenge)

  return (exchange, shown) => {
    if (shown === undefined || shown === '') {
      return unauthorized('invalid_request', 'The access token is missing', scheme)
    }
    const row = entities.getBy('oauth2_tokens', 'access_token', shown)
    if (row === undefined) return invalid(EXPIRED)
    const token = rowOf(oauth2Token, row)
    if (token.service === null && !config.global_credentials) return invalid(GLOBAL)
    if (token.service !== null && token.service.id !== exchange.service?.id) return invalid(EXPIRED)
    if (hasExpired(token, runtime.now())) return invalid(EXPIRED)
    const attempt = identityOf(entities, token)
    if (attempt === undefined) return invalid(EXPIRED)
    const { headers } = exchange.upstream
    if (token.scope !== null) headers.set(SCOPE, toByteString(token.scope))
    if (token.authenticated_userid !== null) {
      headers.set(USER, toByteString(token.authenticated_userid))
    }
    return attempt
  }
}

/** What a client claims of its token never passes. */
export function clearClaims({ upstream: { headers } }: Exchange): void {
  headers.delete(SCOPE)
  headers.delete(USER)
}

const SCOPE = 'X-Authenticated-Scope'
const USER = 'X-Authenticated-UserId'

function identityOf(entities: Entities, { credential: { id } }: Token): Attempt | undefined {
  const found = entities.get('oauth2_credentials', id)
  if (found === undefined) return undefined
  const credential = rowOf(oauth2Credential, found)
  const consumer = entities.get('consumers', credential.consumer.id)
  return consumer && { consumer, credential, identifier: credential.client_id ?? undefined }
}

/** Kong: zero is for ever. */
function hasExpired({ expires_in: life, created_at: made }: Token, now: number): boolean {
  return life > 0 && now / 1000 - (made ?? 0) > life
}

function unauthorized(error: string, description: string, challenge: string): Exit {
  const headers = ['WWW-Authenticate', toByteString(challenge)]
  return exitJson(401, failure(error, description), headers)
}
