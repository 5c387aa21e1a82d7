import { encodeBase64Url } from '../../lib/base64.ts'
import { readSigningKey } from '../../lib/signing-key.ts'
import type { Kit } from '../../pdk/kit.ts'
import { numberAt, parseJson, textAt } from './json-reading.ts'

const TOKENS = 'https://oauth2.googleapis.com/token'
const SCOPE = 'https://www.googleapis.com/auth/cloud-platform'
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

/** Seconds an assertion is good for, and how long before its end a token is not used any more. */
const LIFETIME = 3600
const EARLY = 60
const TIMEOUT = 10_000
const LIMIT = 65536

const encoder = new TextEncoder()

type Needed = Pick<Kit, 'runtime' | 'http'>

/** Gives tokens of a service account of Google's, one for all who ask while it is good. */
export function googleTokens(account: string, kit: Needed): () => Promise<string> {
  let known: { readonly token: string; readonly until: number } | undefined
  let asking: Promise<string> | undefined

  const ask = async (): Promise<string> => {
    const { token, seconds } = await exchanged(await assertion(account, kit), account, kit)
    known = { token, until: kit.runtime.now() + (seconds - EARLY) * 1000 }
    return token
  }
  return async () => {
    if (known !== undefined && kit.runtime.now() < known.until) return known.token
    asking ??= ask().finally(() => {
      asking = undefined
    })
    return asking
  }
}

/** Who we are, signed by the account's own key (RFC 7523). */
async function assertion(account: string, { runtime }: Needed): Promise<string> {
  const parsed = parseJson(account)
  const email = textAt(parsed, 'client_email')
  const key = await readSigningKey(textAt(parsed, 'private_key') ?? '')
  if (email === undefined || key?.kind !== 'RSA') throw new Error('this is no service account')
  const now = Math.floor(runtime.now() / 1000)
  const claims = { iss: email, scope: SCOPE, aud: tokensOf(parsed), iat: now, exp: now + LIFETIME }
  const header = { alg: 'RS256', typ: 'JWT', kid: textAt(parsed, 'private_key_id') }
  const text = [header, claims]
    .map((part) => encodeBase64Url(encoder.encode(JSON.stringify(part))))
    .join('.')
  return `${text}.${encodeBase64Url(await key.sign(encoder.encode(text)))}`
}

async function exchanged(assertion: string, account: string, { http }: Needed) {
  const form = new URLSearchParams({ grant_type: GRANT, assertion })
  const reply = await http({
    url: new URL(tokensOf(parseJson(account))),
    method: 'POST',
    headers: ['Content-Type', 'application/x-www-form-urlencoded'],
    body: encoder.encode(form.toString()),
    timeout: TIMEOUT,
  })
  const answer = parseJson(new TextDecoder().decode(await reply.bytes(LIMIT)))
  const token = textAt(answer, 'access_token')
  if (reply.status !== 200 || token === undefined) {
    throw new Error(`Google's token service answered ${reply.status}`)
  }
  return { token, seconds: numberAt(answer, 'expires_in') ?? LIFETIME }
}

/** Never without TLS: whoever gets an assertion may act as the account. */
function tokensOf(account: unknown): string {
  const told = textAt(account, 'token_uri')
  return told?.startsWith('https://') === true ? told : TOKENS
}
