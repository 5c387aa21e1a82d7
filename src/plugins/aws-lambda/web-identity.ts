import type { Kit } from '../../pdk/kit.ts'
import type { LambdaConfig } from './config.ts'
import { LENT_LIMIT, type Lent, lentOfXml } from './lent.ts'
import { proxyToAws } from './proxy.ts'
import { readToken } from './read-token.ts'
import { regionOf } from './region.ts'

/** Kong's own name for such a session. */
const SESSION = 'session@lua-resty-aws'

/** The role that EKS gave the service account we run as; undefined where it gave none. */
export async function webIdentityCredentials(
  config: Pick<LambdaConfig, 'aws_region' | 'proxy_url' | 'timeout'>,
  kit: Pick<Kit, 'http' | 'runtime' | 'files'>,
): Promise<Lent | undefined> {
  const { environment } = kit.runtime
  const path = environment?.('AWS_WEB_IDENTITY_TOKEN_FILE')
  const role = environment?.('AWS_ROLE_ARN')
  if (path === undefined || role === undefined) return undefined
  const region = regionOf(config, kit.runtime)
  // The token is the proof: this question bears no signature.
  const question = {
    Action: 'AssumeRoleWithWebIdentity',
    Version: '2011-06-15',
    RoleArn: role,
    RoleSessionName: environment?.('AWS_ROLE_SESSION_NAME') ?? SESSION,
    WebIdentityToken: await readToken(path, kit),
  }
  const reply = await kit.http({
    url: new URL(`https://sts.${region === undefined ? '' : `${region}.`}amazonaws.com/`),
    method: 'POST',
    headers: ['Content-Type', 'application/x-www-form-urlencoded; charset=utf-8'],
    body: new TextEncoder().encode(new URLSearchParams(question).toString()),
    timeout: config.timeout,
    proxy: proxyToAws(config),
  })
  const text = new TextDecoder().decode(await reply.bytes(LENT_LIMIT))
  if (reply.status !== 200) throw new Error(`cannot assume the role: STS answered ${reply.status}`)
  return lentOfXml(text)
}
