import { type AwsCredentials, signRequest } from '../../lib/sigv4.ts'
import type { Kit } from '../../pdk/kit.ts'
import type { LambdaConfig } from './config.ts'
import { LENT_LIMIT, type Lent, lentOfXml } from './lent.ts'
import { proxyToAws } from './proxy.ts'
import { regionOf } from './region.ts'

/** Asks AWS for the credentials of a role. */
export async function assumeRole(
  role: string,
  own: AwsCredentials,
  config: LambdaConfig,
  { http, runtime }: Pick<Kit, 'http' | 'runtime'>,
): Promise<Lent> {
  const region = regionOf(config, runtime) ?? 'us-east-1'
  const url = new URL(config.aws_sts_endpoint_url ?? `https://sts.${region}.amazonaws.com/`)
  const question = {
    Action: 'AssumeRole',
    Version: '2011-06-15',
    RoleArn: role,
    RoleSessionName: config.aws_role_session_name ?? 'kong',
  }
  const signing = {
    method: 'POST',
    url,
    headers: ['Content-Type', 'application/x-www-form-urlencoded; charset=utf-8'],
    body: new TextEncoder().encode(new URLSearchParams(question).toString()),
    region,
    service: 'sts',
    credentials: own,
    now: runtime.now(),
  }
  const headers = await signRequest(signing)
  const { body, method } = signing
  const { timeout } = config
  const reply = await http({ url, method, headers, body, timeout, proxy: proxyToAws(config) })
  const text = new TextDecoder().decode(await reply.bytes(LENT_LIMIT))
  if (reply.status !== 200) throw new Error(`cannot assume the role: STS answered ${reply.status}`)
  return lentOfXml(text)
}
