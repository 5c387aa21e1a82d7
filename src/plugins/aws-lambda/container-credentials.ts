import type { Kit } from '../../pdk/kit.ts'
import { LENT_LIMIT, type Lent, lentOfJson } from './lent.ts'
import { readToken } from './read-token.ts'

/** Where ECS tells its containers who they are. */
const ECS = 'http://169.254.170.2'

/** Who may be asked without TLS: this machine, and the agents of ECS and EKS on it. */
const NEAR = new Set([
  ...['localhost', '127.0.0.1', '[::1]'],
  ...['169.254.170.2', '169.254.170.23', '[fd00:ec2::23]'],
])

const TIMEOUT = 5000

/** The credentials ECS or EKS gives the container we run in; undefined where there is no such thing. */
export async function containerCredentials(kit: ContainerKit): Promise<Lent | undefined> {
  const url = placeOf(kit)
  if (url === undefined) return undefined
  const token = await tokenOf(kit)
  const headers = token === undefined ? [] : ['Authorization', token]
  const reply = await kit.http({ url, method: 'GET', headers, timeout: TIMEOUT })
  const text = new TextDecoder().decode(await reply.bytes(LENT_LIMIT))
  if (reply.status !== 200) throw new Error(`the container's credentials: ${reply.status}`)
  return lentOfJson(text)
}

type ContainerKit = Pick<Kit, 'http' | 'runtime' | 'files'>

function placeOf({ runtime: { environment } }: ContainerKit): URL | undefined {
  const relative = environment?.('AWS_CONTAINER_CREDENTIALS_RELATIVE_URI')
  if (relative !== undefined) return new URL(ECS + relative)
  const full = environment?.('AWS_CONTAINER_CREDENTIALS_FULL_URI')
  if (full === undefined) return undefined
  const url = new URL(full)
  const allowed = url.protocol === 'https:' || (url.protocol === 'http:' && NEAR.has(url.hostname))
  if (!allowed) throw new Error(`AWS_CONTAINER_CREDENTIALS_FULL_URI is not to be asked: ${full}`)
  return url
}

/** EKS's agent wants to see a token, which it puts in a file and renews there. */
async function tokenOf(kit: ContainerKit): Promise<string | undefined> {
  const { environment } = kit.runtime
  const path = environment?.('AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE')
  return path === undefined
    ? environment?.('AWS_CONTAINER_AUTHORIZATION_TOKEN')
    : readToken(path, kit)
}
