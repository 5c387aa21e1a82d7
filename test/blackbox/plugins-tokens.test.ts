import { exportSPKI, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TOKEN_ALGORITHMS } from '../../src/lib/json-web-token.ts'
import { type RunningGateway, startGateway } from '../runtimes/start.ts'
import { askRow } from './plugins-ask.ts'
import { startAnswering } from './plugins-target.ts'
import { RUNTIMES } from './runtimes.ts'
import type { Target } from './target.ts'

/** A key that tokens are signed with, and what a consumer stores of it. */
interface Key {
  readonly algorithm: string
  readonly stored: object
  readonly sign: CryptoKey | Uint8Array
}

async function makeKey(algorithm: string): Promise<Key> {
  const named = { key: `issuer-${algorithm}`, algorithm }
  if (algorithm.startsWith('HS')) {
    const secret = `a secret that is long enough, for ${algorithm} and for all others`
    return { algorithm, stored: { ...named, secret }, sign: new TextEncoder().encode(secret) }
  }
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true })
  const stored = { ...named, rsa_public_key: await exportSPKI(publicKey) }
  return { algorithm, stored, sign: privateKey }
}

function tokenBy(sign: Key['sign'], algorithm: string, ends: string | number = '1h') {
  return new SignJWT({ admin: false })
    .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
    .setIssuer(`issuer-${algorithm}`)
    .setIssuedAt()
    .setNotBefore('0s')
    .setExpirationTime(ends)
    .sign(sign)
}

const keys: Key[] = []
const others: Key[] = []
beforeAll(async () => {
  keys.push(...(await Promise.all(TOKEN_ALGORITHMS.map(makeKey))))
  others.push(...(await Promise.all(TOKEN_ALGORITHMS.map(makeKey))))
}, 60_000)

function keyOf(list: readonly Key[], algorithm: string): Key {
  const key = list.find((one) => one.algorithm === algorithm)
  if (key === undefined) throw new Error(`No key for ${algorithm}`)
  return key
}

function configFor(port: number): string {
  const jwt = { name: 'jwt', config: { claims_to_verify: ['exp', 'nbf'] } }
  const route = { name: 'tokens', paths: ['/'], plugins: [jwt] }
  const service = { name: 'echo', url: `http://127.0.0.1:${port}`, routes: [route] }
  const consumer = { username: 'ann', jwt_secrets: keys.map(({ stored }) => stored) }
  return JSON.stringify({ _format_version: '3.0', services: [service], consumers: [consumer] })
}

describe.each(RUNTIMES)("jose's tokens on %s", (runtime) => {
  let gateway: RunningGateway
  let target: Target

  beforeAll(async () => {
    target = await startAnswering()
    const configText = configFor(target.port)
    gateway = await startGateway(runtime, { configText })
  }, 60_000)
  afterAll(() => Promise.all([gateway?.stop(), target.close()]))

  const show = (token: string) =>
    askRow(gateway.proxyPort, '/', { headers: { authorization: `Bearer ${token}` } })

  it.each(TOKEN_ALGORITHMS)('%s: its own pass, and no others', async (algorithm) => {
    const token = await tokenBy(keyOf(keys, algorithm).sign, algorithm)
    expect(await show(token)).toMatchObject({ status: 200 })
    // The second time it is known already.
    expect(await show(token)).toMatchObject({ status: 200 })

    const [head, claims, signature = ''] = token.split('.')
    const tampered = `${head}.${claims}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
    expect((await show(tampered)).body).toBe('{"message":"Invalid signature"}')

    const over = await tokenBy(keyOf(keys, algorithm).sign, algorithm, 1)
    expect((await show(over)).body).toBe('{"exp":"token expired"}')
  })

  it.each(TOKEN_ALGORITHMS.filter((name) => !name.startsWith('HS')))(
    "%s: a stranger's does not pass",
    async (algorithm) => {
      const token = await tokenBy(keyOf(others, algorithm).sign, algorithm)
      const got = await show(token)
      expect([got.status, got.body]).toEqual([401, '{"message":"Invalid signature"}'])
      expect(got.headers['www-authenticate']).toBe('Bearer error="invalid_token"')
    },
  )
})
