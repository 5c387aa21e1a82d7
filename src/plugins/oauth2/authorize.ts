import { timingSafeEqualText } from '../../lib/timing-safe-equal.ts'
import type { Exchange } from '../../pdk/exchange.ts'
import { type Exit, exitJson } from '../../pdk/exit.ts'
import type { Kit } from '../../pdk/kit.ts'
import { type Client, findClient } from './client.ts'
import type { OAuth2Config } from './config.ts'
import {
  type Failure,
  failure,
  INVALID_CLIENT,
  INVALID_PROVISION_KEY,
  isFailure,
  NO_USER,
  UNCACHED,
} from './failure.ts'
import { createIssuer, type Issued } from './issue.ts'
import { type Parameters, readParameters } from './parameters.ts'
import { type Challenge, challengeOf } from './proof-key.ts'
import { redirectionTo } from './redirection.ts'
import { scopeOf } from './scope.ts'
import { checkSecure } from './secure.ts'

/** Seconds an application has to come with its code. */
const CODE_TTL = 300

/** What was asked, once all of it holds. */
interface Asked {
  readonly client: Client
  readonly type: 'code' | 'token'
  readonly userId: string
  readonly scope: string | null
  readonly challenge: Challenge
}

/** What is answered, and the application's URI that is told of it. */
interface Reading {
  readonly asked: Asked | Failure
  readonly redirectUri: string | undefined
}

/** Serves `/oauth2/authorize`: gives a code, or with the implicit grant a token, for who has logged in. */
export function createAuthorizeEndpoint(
  config: OAuth2Config,
  kit: Kit,
): (exchange: Exchange) => Promise<Exit> {
  const issuer = createIssuer(config, kit)
  const serviceOf = ({ service }: Exchange) => (config.global_credentials ? undefined : service?.id)

  const grant = (asked: Asked, exchange: Exchange): Promise<Issued | { code: string }> => {
    const serviceId = serviceOf(exchange)
    if (asked.type === 'code') return makeCode(asked, serviceId, kit)
    return issuer.issue({ ...asked, serviceId, refreshable: false })
  }

  return async (exchange) => {
    const parameters = await readParameters(exchange, kit.bodyLimit)
    const insecure = checkSecure(exchange, config)
    const { asked, redirectUri } =
      insecure === undefined
        ? read(parameters, config, kit)
        : { asked: insecure, redirectUri: undefined }
    const answered = isFailure(asked) ? asked : await grant(asked, exchange)
    const state = parameters.text('state')
    const told = { ...answered, ...(state === undefined ? {} : { state }) }
    const status = isFailure(asked) ? 400 : 200
    if (redirectUri === undefined) return exitJson(status, told, [...UNCACHED])
    const place = !isFailure(asked) && asked.type === 'token' ? 'fragment' : 'query'
    const redirect_uri = redirectionTo(redirectUri, told, place)
    return exitJson(status, { redirect_uri }, [...UNCACHED])
  }
}

async function makeCode(
  asked: Asked,
  serviceId: string | undefined,
  { entities, plugin }: Kit,
): Promise<{ code: string }> {
  const row = await entities.insert('oauth2_authorization_codes', {
    credential: { id: asked.client.id },
    plugin: { id: plugin.id },
    ...(serviceId === undefined ? {} : { service: { id: serviceId } }),
    authenticated_userid: asked.userId,
    ...(asked.scope === null ? {} : { scope: asked.scope }),
    ...(asked.challenge.challenge === null ? {} : asked.challenge),
    ttl: CODE_TTL,
  })
  return { code: String(row.code) }
}

/** Kong looks at everything, and tells the last that was wrong. */
function read(parameters: Parameters, config: OAuth2Config, { entities }: Kit): Reading {
  const nowhere = (asked: Failure): Reading => ({ asked, redirectUri: undefined })
  const key = parameters.text('provision_key') ?? ''
  if (!timingSafeEqualText(key, config.provision_key)) return nowhere(INVALID_PROVISION_KEY)
  const userId = parameters.text('authenticated_userid') ?? ''
  if (userId.trim() === '') return nowhere(NO_USER)

  const client = findClient(entities, parameters.text('client_id'))
  const type = typeOf(parameters, config)
  const scope = scopeOf(parameters, config)
  const redirect = redirectOf(parameters, client)
  const challenge = challengeOf(parameters, client, config)
  const wrong = [challenge, redirect.failure, scope, type].find(isFailure)
  const { redirectUri } = redirect
  if (wrong !== undefined) return { asked: wrong, redirectUri }
  if (client === undefined || isFailure(type) || isFailure(scope) || isFailure(challenge)) {
    return { asked: INVALID_CLIENT, redirectUri }
  }
  return { asked: { client, type, userId, scope, challenge }, redirectUri }
}

function typeOf(parameters: Parameters, config: OAuth2Config): Asked['type'] | Failure {
  const type = parameters.text('response_type')
  if (type === 'code' && config.enable_authorization_code) return type
  if (type === 'token' && config.enable_implicit_grant) return type
  return failure('unsupported_response_type', 'Invalid response_type')
}

/** Where the answer goes: never to a place that the application was not registered with. */
function redirectOf(
  parameters: Parameters,
  client: Client | undefined,
): { readonly redirectUri: string | undefined; readonly failure?: Failure } {
  const allowed = client?.redirect_uris ?? undefined
  if (allowed === undefined) return { redirectUri: undefined, failure: INVALID_CLIENT }
  const asked = parameters.has('redirect_uri') ? parameters.text('redirect_uri') : allowed[0]
  if (asked !== undefined && allowed.includes(asked)) return { redirectUri: asked }
  const description =
    'Invalid redirect_uri that does not match with any redirect_uri created with the application'
  return { redirectUri: allowed[0], failure: failure('invalid_request', description) }
}
