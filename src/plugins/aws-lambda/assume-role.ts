import { type AwsCredentials, signRequest } from '../../lib/sigv4.ts'
import type { Kit } from '../../pdk/kit.ts'
import type { LambdaConfig } from './config.ts'
import type { Lent } from './credentials.ts'

const LIMIT = 65536

/** Asks AWS for the credentials of a role. */
export async function assumeRole(
  role: string,
  own: AwsCredentials,
  config: LambdaConfig,
  { http, runtime }: Pick<Kit, 'http' | 'runtime'>,
): Promise<Lent> {
  const region = config.aws_region ?? 'us-east-1'
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
  const reply = await http({ url, method, headers, body, timeout: config.timeout })
  const text = new TextDecoder().decode(await reply.bytes(LIMIT))
  if (reply.status !== 200) throw new Error(`cannot assume the role: STS answered ${reply.status}`)
  return lentOf(text)
}

/** The answer is XML whose values here have nothing in them that XML would escape. */
function lentOf(xml: string): Lent {
  const member = (name: string) =>
    new RegExp(`<${name}>\\s*([^<\\s]+)\\s*</${name}>`).exec(xml)?.[1]
  const [accessKeyId, secretAccessKey] = [member('AccessKeyId'), member('SecretAccessKey')]
  const sessionToken = member('SessionToken')
  if (accessKeyId === undefined || secretAccessKey === undefined || sessionToken === undefined) {
    throw new Error('cannot assume the role: STS gave no credentials')
  }
  const endsAt = Date.parse(member('Expiration') ?? '')
  return {
    credentials: { accessKeyId, secretAccessKey, sessionToken },
    endsAt: Number.isNaN(endsAt) ? undefined : endsAt,
  }
}
