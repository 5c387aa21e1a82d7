import type { Exchange } from '../../pdk/exchange.ts'
import { type Exit, exitJson } from '../../pdk/exit.ts'
import type { Kit } from '../../pdk/kit.ts'
import { type Client, findClient, loginOf, provesItself } from './client.ts'
import type { OAuth2Config } from './config.ts'
import { type Failure, failure, INVALID_CLIENT, isFailure, UNCACHED } from './failure.ts'
import { createGrants } from './grants.ts'
import type { Issued } from './issue.ts'
import { type Parameters, readParameters } from './parameters.ts'
import { checkSecure } from './secure.ts'

/** An application that proved itself, or why there is none, and with which status. */
interface Proven {
  readonly client: Client | undefined
  readonly failure: Failure | undefined
  readonly unauthorized: boolean
}

const CHALLENGE = ['www-authenticate', 'Basic realm="OAuth2.0"']

/** Serves `/oauth2/token`: changes what an application has for a token. */
export function createTokenEndpoint(
  config: OAuth2Config,
  kit: Kit,
): (exchange: Exchange) => Promise<Exit> {
  const grants = createGrants(config, kit)
  const headerName = config.auth_header_name ?? 'authorization'
  return async (exchange) => {
    const parameters = await readParameters(exchange, kit.bodyLimit)
    const insecure = checkSecure(exchange, config)
    const proven =
      insecure === undefined
        ? await prove(parameters, loginOf(parameters, exchange, headerName), { grants, kit })
        : { client: undefined, failure: insecure, unauthorized: false }
    const answered =
      proven.failure ??
      (await grants.get(parameters.text('grant_type') ?? '')?.({
        parameters,
        exchange,
        client: proven.client,
      })) ??
      INVALID_CLIENT
    const state = parameters.text('state')
    if (!isFailure(answered)) return exitJson(200, withState(answered, state), [...UNCACHED])
    const told = { ...answered, ...(state === undefined ? {} : { state }) }
    return proven.unauthorized
      ? exitJson(401, told, [...UNCACHED, ...CHALLENGE])
      : exitJson(400, told, [...UNCACHED])
  }
}

interface Proving {
  readonly grants: ReturnType<typeof createGrants>
  readonly kit: Kit
}

/** Kong looks at everything, and tells of the secret first. */
async function prove(
  parameters: Parameters,
  login: ReturnType<typeof loginOf>,
  { grants, kit }: Proving,
): Promise<Proven> {
  const type = parameters.text('grant_type')
  const client = findClient(kit.entities, login.id)
  const unsupported =
    type !== undefined && grants.has(type)
      ? undefined
      : failure('unsupported_grant_type', 'Invalid grant_type')
  const misdirected = type === 'client_credentials' ? undefined : checkRedirect(parameters, client)
  const unproven = client && (await checkSecret(client, login.secret))
  const unauthorized =
    login.byHeader && (misdirected === INVALID_CLIENT || unproven === INVALID_CLIENT)
  return { client, failure: unproven ?? misdirected ?? unsupported, unauthorized }
}

/** Kong's order of the members. */
function withState({ access_token, expires_in, ...rest }: Issued, state: string | undefined) {
  const life = expires_in === undefined ? {} : { expires_in }
  return { ...rest, ...(state === undefined ? {} : { state }), access_token, ...life }
}

function checkRedirect(parameters: Parameters, client: Client | undefined): Failure | undefined {
  const allowed = client?.redirect_uris ?? undefined
  if (allowed === undefined) return INVALID_CLIENT
  const asked = parameters.has('redirect_uri') ? parameters.text('redirect_uri') : allowed[0]
  if (asked !== undefined && allowed.includes(asked)) return undefined
  return failure(
    'invalid_request',
    'Invalid redirect_uri that does not match with any redirect_uri created with the application',
  )
}

async function checkSecret(
  client: Client,
  secret: string | undefined,
): Promise<Failure | undefined> {
  if (client.client_type !== 'public') {
    return (await provesItself(client, secret)) ? undefined : INVALID_CLIENT
  }
  return (secret ?? '').trim() === ''
    ? undefined
    : failure('invalid_request', 'client_secret is disallowed for public clients')
}
