import { timingSafeEqualText } from '../../lib/timing-safe-equal.ts'
import type { Exchange } from '../../pdk/exchange.ts'
import type { Kit } from '../../pdk/kit.ts'
import { rowOf } from '../../schema/entity.ts'
import type { Client } from './client.ts'
import type { OAuth2Config } from './config.ts'
import {
  type Failure,
  failure,
  INVALID_CLIENT,
  INVALID_PROVISION_KEY,
  isFailure,
  NO_USER,
} from './failure.ts'
import { createIssuer, type Issued } from './issue.ts'
import type { Parameters } from './parameters.ts'
import { checkVerifier, needsProof } from './proof-key.ts'
import { isCovered, scopeOf } from './scope.ts'
import { oauth2AuthorizationCode, oauth2Token } from './token.ts'

/** What a grant is asked with; the application is known where it had to be. */
export interface GrantRequest {
  readonly parameters: Parameters
  readonly exchange: Exchange
  readonly client: Client | undefined
}

/** Gives a token for something. */
export type GrantType = (request: GrantRequest) => Promise<Issued | Failure>

const INVALID_CODE = failure('invalid_request', 'Invalid code')
const INVALID_REFRESH = failure('invalid_request', 'Invalid refresh_token')
const SCOPE_MISMATCH = failure('invalid_scope', 'Scope mismatch')

/** The grants that are served, by `grant_type`. Kong: two of them whatever is enabled. */
export function createGrants(config: OAuth2Config, kit: Kit): ReadonlyMap<string, GrantType> {
  return new Map([
    ['authorization_code', authorizationCode(config, kit)],
    ['refresh_token', refreshToken(config, kit)],
    ...(config.enable_client_credentials
      ? ([['client_credentials', clientCredentials(config, kit)]] as const)
      : []),
    ...(config.enable_password_grant ? ([['password', password(config, kit)]] as const) : []),
  ])
}

function authorizationCode(config: OAuth2Config, kit: Kit): GrantType {
  const issuer = createIssuer(config, kit)
  return async ({ parameters, exchange, client }) => {
    if (client === undefined) return INVALID_CLIENT
    const sent = parameters.text('code')
    const row =
      sent === undefined
        ? undefined
        : kit.entities.getBy('oauth2_authorization_codes', 'code', sent)
    if (row === undefined) return INVALID_CODE
    const code = rowOf(oauth2AuthorizationCode, row)
    const serviceId = serviceOf(config, exchange)
    if (serviceId !== undefined && code.service?.id !== serviceId) return INVALID_CODE
    if (code.credential.id !== client.id) return INVALID_CODE
    if (code.challenge_method !== null || needsProof(client, config)) {
      const unproven = checkVerifier(parameters, code.challenge)
      if (unproven !== undefined) return unproven
    }
    // One that is good for any service is so at the plugin that gave it out alone.
    const isAnothers = code.plugin !== null && code.plugin.id !== kit.plugin.id
    if (config.global_credentials && isAnothers) return INVALID_CODE
    // Removed first: of two that come with the same code one gets a token.
    if (!(await kit.entities.remove('oauth2_authorization_codes', code.id))) return INVALID_CODE
    const { authenticated_userid: userId, scope } = code
    return issuer.issue({ client, serviceId, userId, scope, refreshable: true })
  }
}

function refreshToken(config: OAuth2Config, kit: Kit): GrantType {
  const issuer = createIssuer(config, kit)
  return async ({ parameters, exchange, client }) => {
    if (client === undefined) return INVALID_CLIENT
    const sent = parameters.text('refresh_token')
    const row =
      sent === undefined ? undefined : kit.entities.getBy('oauth2_tokens', 'refresh_token', sent)
    if (row === undefined) return INVALID_REFRESH
    const token = rowOf(oauth2Token, row)
    const serviceId = serviceOf(config, exchange)
    if (serviceId !== undefined && token.service?.id !== serviceId) return INVALID_REFRESH
    if (token.credential.id !== client.id) return INVALID_CLIENT
    if (!isCovered(token.scope, config)) return SCOPE_MISMATCH
    if (config.reuse_refresh_token) return issuer.renew(token)
    if (!(await kit.entities.remove('oauth2_tokens', token.id))) return INVALID_REFRESH
    const { authenticated_userid: userId, scope } = token
    return issuer.issue({ client, serviceId, userId, scope, refreshable: true })
  }
}

function clientCredentials(config: OAuth2Config, kit: Kit): GrantType {
  const issuer = createIssuer(config, kit)
  return async ({ parameters, exchange, client }) => {
    // Who speaks in somebody's name has to show that it may.
    if (parameters.has('authenticated_userid') && !isProvisioned(parameters, config)) {
      return INVALID_PROVISION_KEY
    }
    if (client === undefined) return INVALID_CLIENT
    const scope = scopeOf(parameters, config)
    if (isFailure(scope)) return scope
    const userId = parameters.text('authenticated_userid') ?? null
    const serviceId = serviceOf(config, exchange)
    return issuer.issue({ client, serviceId, userId, scope, refreshable: false })
  }
}

function password(config: OAuth2Config, kit: Kit): GrantType {
  const issuer = createIssuer(config, kit)
  return async ({ parameters, exchange, client }) => {
    if (client === undefined) return INVALID_CLIENT
    if (!isProvisioned(parameters, config)) return INVALID_PROVISION_KEY
    const userId = parameters.text('authenticated_userid') ?? ''
    if (userId.trim() === '') return NO_USER
    const scope = scopeOf(parameters, config)
    if (isFailure(scope)) return scope
    const serviceId = serviceOf(config, exchange)
    return issuer.issue({ client, serviceId, userId, scope, refreshable: true })
  }
}

function isProvisioned(parameters: Parameters, { provision_key: key }: OAuth2Config): boolean {
  return timingSafeEqualText(parameters.text('provision_key') ?? '', key)
}

function serviceOf(
  { global_credentials: everywhere }: OAuth2Config,
  { service }: Exchange,
): string | undefined {
  return everywhere ? undefined : service?.id
}
