import type { AwsCredentials } from '../../lib/sigv4.ts'
import { isObject } from '../../schema/field.ts'

/** Credentials, and when they end in milliseconds since 1970; undefined for never. */
export interface Lent {
  readonly credentials: AwsCredentials
  readonly endsAt: number | undefined
}

/** What no answer with credentials is longer than, in bytes. */
export const LENT_LIMIT = 65536

/** Reads what the metadata services of machines and containers answer; throws when it is none. */
export function lentOfJson(text: string): Lent {
  const value: unknown = JSON.parse(text)
  const { AccessKeyId, SecretAccessKey, Token, Expiration } = isObject(value) ? value : {}
  if (typeof AccessKeyId !== 'string' || typeof SecretAccessKey !== 'string') {
    throw new Error('the metadata service gave no credentials')
  }
  return {
    credentials: {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      ...(typeof Token === 'string' ? { sessionToken: Token } : {}),
    },
    endsAt: timeOf(String(Expiration)),
  }
}

/** Reads what STS answers: XML whose values here have nothing in them that XML would escape. */
export function lentOfXml(xml: string): Lent {
  const member = (name: string) =>
    new RegExp(`<${name}>\\s*([^<\\s]+)\\s*</${name}>`).exec(xml)?.[1]
  const [accessKeyId, secretAccessKey] = [member('AccessKeyId'), member('SecretAccessKey')]
  const sessionToken = member('SessionToken')
  if (accessKeyId === undefined || secretAccessKey === undefined || sessionToken === undefined) {
    throw new Error('cannot assume the role: STS gave no credentials')
  }
  return {
    credentials: { accessKeyId, secretAccessKey, sessionToken },
    endsAt: timeOf(member('Expiration') ?? ''),
  }
}

function timeOf(text: string): number | undefined {
  const time = Date.parse(text)
  return Number.isNaN(time) ? undefined : time
}
