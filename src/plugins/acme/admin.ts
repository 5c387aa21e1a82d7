import { messageOf } from '../../lib/message-of.ts'
import type { AdminAnswer, AdminKit, AdminQuestion, AdminRoute } from '../../pdk/admin-route.ts'
import { NO_SECRETS } from '../../pdk/secrets.ts'
import type { Row } from '../../schema/entity.ts'
import type { Fields } from '../../schema/field.ts'
import { certify } from './certify.ts'
import type { AcmeConfig } from './config.ts'
import { domainMatcher } from './domains.ts'
import { renewAll } from './renewal.ts'
import { savedCertificate } from './save-certificate.ts'
import { openStorage, STORED } from './storage.ts'
import { acmeStorageConfig } from './storage-fields.ts'
import { summaryOf } from './summary.ts'

type Answering = (
  config: AcmeConfig,
  question: AdminQuestion,
  kit: AdminKit,
) => Promise<AdminAnswer>

/** What the plugin answers on the Admin API. */
export const acmeRoutes: readonly AdminRoute[] = [
  {
    method: 'POST',
    path: '/acme',
    summary: 'Gets a certificate for a host, or only tries whether its challenges come here.',
    answer: configured(makeOne),
  },
  {
    method: 'PATCH',
    path: '/acme',
    summary: 'Starts to renew what ends before long.',
    answer: configured(startRenewal),
  },
  {
    method: 'GET',
    path: '/acme/certificates',
    summary: 'Lists the certificates that the plugin got.',
    answer: configured(list),
  },
  {
    method: 'GET',
    path: '/acme/certificates/{certificates}',
    summary: 'Shows the certificate of a host.',
    answer: configured(showOne),
  },
]

/** Kong: without the plugin there is nothing. */
function configured(answer: Answering): AdminRoute['answer'] {
  return async (question, kit) => {
    const row = kit.entities.all('plugins').find(({ name }) => name === 'acme')
    return row === undefined ? { status: 404 } : answer(configOf(row, kit), question, kit)
  }
}

const secret = { type: 'string', referenceable: true } as const

/** The fields that may name a vault's secret. */
const ACME_SECRETS: Fields = {
  account_email: secret,
  eab_kid: secret,
  eab_hmac_key: secret,
  storage_config: acmeStorageConfig,
}

function configOf({ config }: Row, { secrets = NO_SECRETS }: AdminKit): AcmeConfig {
  // The row was held to the plugin's own fields, which are those of AcmeConfig.
  return secrets.resolve({ fields: ACME_SECRETS }, config) as AcmeConfig
}

async function makeOne(
  config: AcmeConfig,
  { query, body }: AdminQuestion,
  kit: AdminKit,
): Promise<AdminAnswer> {
  const asked: Readonly<Record<string, unknown>> = { ...query, ...body }
  const { host } = asked
  if (typeof host !== 'string' || host === '') {
    return told(400, 'host must be provided and containing a single domain')
  }
  if (host.includes(':')) return told(400, 'port is not allowed in host')
  if (asked.test_http_challenge_flow === true || asked.test_http_challenge_flow === 'true') {
    const error = await tryChallenge(host, config, kit)
    return error === undefined
      ? told(200, `sanity test for host ${host} passed`)
      : told(400, `problem found running sanity check for ${host}: ${error}`)
  }
  const result = await certify(host, config, kit)
  return result.state === 'failed'
    ? told(500, `failed to update certificate: ${result.error}`)
    : told(201, `certificate for host ${host} is created`)
}

const TEST_TIMEOUT = 10_000
const LIMIT = 65_536

/** Asks the host as the authority would; the reason when the answer is not ours. */
async function tryChallenge(
  host: string,
  { domains }: AcmeConfig,
  { http }: AdminKit,
): Promise<string | undefined> {
  if (!domainMatcher(domains)(host)) return 'host is not included in plugin config.domains'
  const path = `http://${host}/.well-known/acme-challenge/`
  if (!URL.canParse(path)) return 'invalid host'
  try {
    const reply = await http({ url: new URL(`${path}x`), method: 'GET', timeout: TEST_TIMEOUT })
    const text = new TextDecoder().decode(await reply.bytes(LIMIT))
    if (text.includes('no Route matched with those values')) {
      return `${path}* doesn't map to a Route in Kong; please refer to docs on how to create dummy Route and Service`
    }
    if (text === 'Not found\n') return undefined
    const status = reply.status === 404 ? '' : `, unexpected status code: ${reply.status}`
    return `unexpected response: "${text}"${status}`
  } catch (error) {
    return messageOf(error)
  }
}

async function startRenewal(
  config: AcmeConfig,
  _question: AdminQuestion,
  kit: AdminKit,
): Promise<AdminAnswer> {
  kit.runtime.background(renewAll(config, kit))
  return told(202, 'Renewal process started successfully')
}

async function list(
  config: AcmeConfig,
  { query }: AdminQuestion,
  kit: AdminKit,
): Promise<AdminAnswer> {
  const keys = await openStorage(config, kit).list(STORED.renewal)
  const data = keys.flatMap((key) => {
    const saved = savedCertificate(kit, key.slice(STORED.renewal.length))
    return (saved && summaryOf(saved.cert, kit.runtime.now())) ?? []
  })
  const invalidOnly = query.invalid_only !== undefined
  return { status: 200, body: { data: data.filter(({ valid }) => !(invalidOnly && valid)) } }
}

async function showOne(
  _config: AcmeConfig,
  { params }: AdminQuestion,
  kit: AdminKit,
): Promise<AdminAnswer> {
  const host = params.certificates ?? ''
  const saved = savedCertificate(kit, host)
  const data = saved && summaryOf(saved.cert, kit.runtime.now())
  // Kong has no space there either.
  if (data === undefined) return told(404, `Certificate for host ${host}not found in storage`)
  return { status: 200, body: { data } }
}

function told(status: number, message: string): AdminAnswer {
  return { status, body: { message } }
}
