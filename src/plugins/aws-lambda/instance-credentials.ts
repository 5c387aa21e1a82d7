import type { HeaderList } from '../../lib/header-list.ts'
import type { Kit } from '../../pdk/kit.ts'
import type { LambdaConfig } from './config.ts'
import { LENT_LIMIT, type Lent, lentOfJson } from './lent.ts'

/** Where every EC2 machine finds what is known of it. */
const METADATA = 'http://169.254.169.254/latest'
const ROLES = `${METADATA}/meta-data/iam/security-credentials/`

/** It is on the machine itself, or it is not there at all. */
const TIMEOUT = 5000

/** The credentials of the role that the machine we run on has. */
export async function instanceCredentials(
  { aws_imds_protocol_version: version }: Pick<LambdaConfig, 'aws_imds_protocol_version'>,
  kit: Pick<Kit, 'http'>,
): Promise<Lent> {
  const headers = version === 'v2' ? ['X-aws-ec2-metadata-token', await session(kit)] : []
  const [role = ''] = (await read(kit, { path: ROLES, headers })).split('\n')
  if (role.trim() === '') throw new Error('this machine has no role')
  const path = ROLES + encodeURIComponent(role.trim())
  return lentOfJson(await read(kit, { path, headers }))
}

/** Version 2 has to be asked for a session first, which a mere proxy for others does not do. */
function session(kit: Pick<Kit, 'http'>): Promise<string> {
  const headers = ['X-aws-ec2-metadata-token-ttl-seconds', '60']
  return read(kit, { method: 'PUT', path: `${METADATA}/api/token`, headers })
}

async function read(
  { http }: Pick<Kit, 'http'>,
  {
    method = 'GET',
    path,
    headers,
  }: { readonly method?: string; readonly path: string; readonly headers: HeaderList },
): Promise<string> {
  const reply = await http({ url: new URL(path), method, headers, timeout: TIMEOUT })
  const text = new TextDecoder().decode(await reply.bytes(LENT_LIMIT))
  if (reply.status !== 200) throw new Error(`the metadata service answered ${reply.status}`)
  return text
}
