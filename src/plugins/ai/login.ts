import { signRequest } from '../../lib/sigv4.ts'
import type { Kit } from '../../pdk/kit.ts'
import type { LlmConfig } from './driver.ts'
import { googleTokens } from './google-token.ts'
import { at, textAt } from './json-reading.ts'

/** A request that is ready but for who asks. */
export interface Unsigned {
  readonly method: string
  readonly url: URL
  readonly body: Uint8Array
}

/** Gives the headers, name and value in turn, that prove who asks a cloud. */
export type CloudLogin = (request: Unsigned) => Promise<readonly string[]>

/** The login of a configuration; undefined where a header or an argument of its own is all there is. */
export function cloudLogin(config: LlmConfig, kit: Pick<Kit, 'runtime' | 'http'>) {
  const { provider } = config.model
  if (provider === 'bedrock') return awsLogin(config, kit)
  return provider === 'gemini' && config.auth?.gcp_use_service_account === true
    ? googleLogin(config, kit)
    : undefined
}

function awsLogin({ auth, model }: LlmConfig, { runtime }: Pick<Kit, 'runtime'>): CloudLogin {
  // A configuration without these is refused before.
  const credentials = {
    accessKeyId: auth?.aws_access_key_id ?? '',
    secretAccessKey: auth?.aws_secret_access_key ?? '',
  }
  const region = model.options?.bedrock?.aws_region ?? ''
  return async ({ method, url, body }) => {
    const signed = await signRequest({
      method,
      url,
      headers: [],
      body: new Uint8Array(body),
      region,
      service: 'bedrock',
      credentials,
      now: runtime.now(),
    })
    // The first pair is Host, which is the proxy's to write.
    return signed.slice(2)
  }
}

function googleLogin({ auth }: LlmConfig, kit: Pick<Kit, 'runtime' | 'http'>): CloudLogin {
  const token = googleTokens(auth?.gcp_service_account_json ?? '', kit)
  return async () => ['Authorization', `Bearer ${await token()}`]
}

/** Why a model cannot be logged in to; undefined when it can. */
export function checkLogin(config: Readonly<Record<string, unknown>>): string | undefined {
  const provider = textAt(config.model, 'provider')
  if (provider === 'gemini') return checkGoogle(config.auth)
  if (provider !== 'bedrock') return undefined
  const keys = ['aws_access_key_id', 'aws_secret_access_key']
  if (!keys.every((key) => textAt(config.auth, key) !== undefined)) {
    return 'bedrock needs auth.aws_access_key_id and auth.aws_secret_access_key in this release'
  }
  return textAt(config.model, 'options', 'bedrock', 'aws_region') === undefined
    ? 'AWS region not specified anywhere'
    : undefined
}

function checkGoogle(auth: unknown): string | undefined {
  if (at(auth, 'gcp_use_service_account') !== true) return undefined
  return textAt(auth, 'gcp_service_account_json') === undefined
    ? 'gcp_use_service_account needs auth.gcp_service_account_json in this release'
    : undefined
}
