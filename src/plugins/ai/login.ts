import { type AwsCredentials, signRequest } from '../../lib/sigv4.ts'
import type { Kit } from '../../pdk/kit.ts'
import type { Runtime } from '../../ports/runtime.ts'
import { type CredentialSource, lasting } from '../aws-lambda/credentials.ts'
import { machineCredentials } from '../aws-lambda/machine-credentials.ts'
import { regionOf } from '../aws-lambda/region.ts'
import type { LlmConfig } from './driver.ts'
import { googleTokens } from './google-token.ts'
import { at, textAt } from './json-reading.ts'

/** A request that is ready but for who asks. */
export interface Unsigned {
  readonly method: string
  readonly url: URL
  readonly body: Uint8Array
  /** Where it goes, when the request has a say in that. */
  readonly region?: string | undefined
}

/** Gives the headers, name and value in turn, that prove who asks a cloud. */
export type CloudLogin = (request: Unsigned) => Promise<readonly string[]>

type LoginKit = Pick<Kit, 'runtime' | 'http' | 'files'>

/** The login of a configuration; undefined where a header or an argument of its own is all there is. */
export function cloudLogin(config: LlmConfig, kit: LoginKit): CloudLogin | undefined {
  const { provider } = config.model
  if (provider === 'bedrock') return awsLogin(config, kit)
  return provider === 'gemini' && config.auth?.gcp_use_service_account === true
    ? googleLogin(config, kit)
    : undefined
}

type Options = NonNullable<LlmConfig['model']['options']>

/** Fills in the region the environment says, where a configuration for Bedrock names none. */
export function withRegion<C extends LlmConfig>(
  config: C,
  runtime: Pick<Runtime, 'environment'>,
): C {
  const { options, provider } = config.model
  const region = options?.bedrock?.aws_region ?? null
  const found = regionOf({ aws_region: region }, runtime)
  if (provider !== 'bedrock' || region !== null || found === undefined) return config
  // Whoever reads options takes those that are absent for null.
  const filled = { ...options, bedrock: { aws_region: found } } as Options
  return { ...config, model: { ...config.model, options: filled } }
}

function awsLogin(config: LlmConfig, kit: LoginKit): CloudLogin {
  const { runtime } = kit
  const region = config.model.options?.bedrock?.aws_region ?? undefined
  const credentialsNow = awsCredentials(config, region, kit)
  return async ({ method, url, body, region: asked = region }) => {
    if (asked === undefined) throw new Error('AWS region not specified anywhere')
    const credentials = await credentialsNow()
    const signed = await signRequest({
      method,
      url,
      headers: [],
      body: new Uint8Array(body),
      region: asked,
      service: 'bedrock',
      credentials,
      now: runtime.now(),
    })
    // The first pair is Host, which is the proxy's to write.
    return signed.slice(2)
  }
}

/** Kong: what of both is not configured may be in the environment; where it is not, the machine is asked. */
function awsCredentials(
  { auth }: LlmConfig,
  region: string | undefined,
  kit: LoginKit,
): CredentialSource {
  const { environment } = kit.runtime
  const [id, secret] = [auth?.aws_access_key_id ?? null, auth?.aws_secret_access_key ?? null]
  const accessKeyId = id ?? environment?.('AWS_ACCESS_KEY_ID')
  const secretAccessKey = secret ?? environment?.('AWS_SECRET_ACCESS_KEY')
  const isOwn = id !== null || secret !== null
  if (isOwn && accessKeyId !== undefined && secretAccessKey !== undefined) {
    const own: AwsCredentials = { accessKeyId, secretAccessKey }
    return async () => own
  }
  const asking = { aws_region: region ?? null, proxy_url: null, ...MACHINE }
  return lasting(() => machineCredentials(asking, kit), kit)
}

const MACHINE = { aws_imds_protocol_version: 'v2', timeout: 60_000 } as const

function googleLogin({ auth }: LlmConfig, kit: Pick<Kit, 'runtime' | 'http'>): CloudLogin {
  const token = googleTokens(auth?.gcp_service_account_json ?? '', kit)
  return async () => ['Authorization', `Bearer ${await token()}`]
}

/** Why a model cannot be logged in to; undefined when it can. */
export function checkLogin(config: Readonly<Record<string, unknown>>): string | undefined {
  const provider = textAt(config.model, 'provider')
  return provider === 'gemini' ? checkGoogle(config.auth) : undefined
}

function checkGoogle(auth: unknown): string | undefined {
  if (at(auth, 'gcp_use_service_account') !== true) return undefined
  return textAt(auth, 'gcp_service_account_json') === undefined
    ? 'gcp_use_service_account needs auth.gcp_service_account_json in this release'
    : undefined
}
