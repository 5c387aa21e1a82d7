import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, type Got, json, until } from '../blackbox/client.ts'
import { RUNTIMES } from '../blackbox/runtimes.ts'
import { startTarget, type Target } from '../blackbox/target.ts'
import { type RunningGateway, startGateway } from '../runtimes/start.ts'
import { ALICE, BASE, BOSS, MUELLER } from './people.ts'
import { type Slapd, startSlapd, whyNoSlapd } from './slapd.ts'

const missing = whyNoSlapd()

let slapd: Slapd
let target: Target
beforeAll(async () => {
  if (missing !== undefined) return
  ;[slapd, target] = await Promise.all([startSlapd(), startTarget('t')])
})
afterAll(() => Promise.all([slapd?.close(), target?.close()]))

describe.skipIf(missing !== undefined).each(RUNTIMES)('ldap-auth on %s', (runtime) => {
  let gateway: RunningGateway
  beforeAll(async () => {
    gateway = await startGateway(runtime)
    const url = `http://127.0.0.1:${target.port}`
    await admin('/services', { name: 'echo', url })
    const plain = { ldap_host: '127.0.0.1', ldap_port: slapd.port }
    const secure = { ldap_host: 'localhost', ldap_port: slapd.tlsPort, ldaps: true }
    await guard('asked', { ...plain, cache_ttl: 0 })
    await guard('remembered', { ...plain, cache_ttl: 600 })
    await guard('briefly', { ...plain, cache_ttl: 0.3 })
    await guard('distrusted', { ...secure, verify_ldap_host: true })
    if (runtime !== 'workerd') {
      await guard('secure', secure)
      await guard('upgraded', { ...plain, ldap_host: 'localhost', start_tls: true })
      await guard('doubted', { ...plain, start_tls: true, verify_ldap_host: true })
    }
  })
  afterAll(() => gateway?.stop())

  const admin = (path: string, value: unknown): Promise<Got> =>
    ask(`${gateway.adminUrl}${path}`, json(value))
  async function guard(name: string, config: object): Promise<void> {
    await admin('/services/echo/routes', { name, paths: [`/${name}`] })
    const whole = { base_dn: BASE, attribute: 'uid', ...config }
    const made = await admin(`/routes/${name}/plugins`, { name: 'ldap-auth', config: whole })
    expect([made.status, made.body]).toEqual([201, made.body])
  }
  const login = (path: string, name: string, password: string): Promise<Got> => {
    const authorization = `ldap ${Buffer.from(`${name}:${password}`).toString('base64')}`
    return ask(`${gateway.proxyUrl}/${path}`, { headers: { authorization } })
  }
  const statusOf = async (path: string, { name, password } = ALICE): Promise<number> =>
    (await login(path, name, password)).status
  /** Asks until it is so: what was asked before may still be remembered. */
  const lasting = (path: string, status: number): Promise<number> =>
    until(
      () => statusOf(path),
      (got) => got === status,
    )

  it.each([ALICE, MUELLER])('lets $name in, and tells the upstream', async (somebody) => {
    const { status, body } = await login('asked', somebody.name, somebody.password)
    expect(status).toBe(200)
    expect(JSON.parse(body).headers['x-credential-identifier']).toBe(
      Buffer.from(somebody.name).toString('latin1'),
    )
  })

  it.each([
    { why: 'a wrong password', name: ALICE.name, password: 'x' },
    { why: 'the password of another', name: ALICE.name, password: MUELLER.password },
    { why: 'a longer password', name: ALICE.name, password: `${ALICE.password}\0` },
    { why: 'somebody unknown', name: 'eve', password: ALICE.password },
    { why: 'no password, which would bind as nobody', name: ALICE.name, password: '' },
    { why: 'no password of somebody unknown', name: 'eve', password: '' },
    { why: 'another branch', name: 'boss,ou=admins', password: BOSS.password },
    { why: 'a name in digits', name: '\\61lice', password: ALICE.password },
    { why: 'a whole name', name: `alice,${BASE}`, password: ALICE.password },
    { why: 'two names', name: 'alice+cn=somebody', password: ALICE.password },
    { why: 'anybody', name: '*', password: ALICE.password },
    { why: 'a filter', name: '*)(uid=alice', password: ALICE.password },
    { why: 'a long name', name: 'x'.repeat(5000), password: ALICE.password },
    { why: 'a name that ends early', name: 'alice\0', password: ALICE.password },
  ])('refuses $why', async ({ name, password }) => {
    const before = target.seen.length
    const { status, headers } = await login('asked', name, password)
    expect([status, headers['www-authenticate']]).toEqual([401, 'LDAP'])
    expect(target.seen).toHaveLength(before)
  })

  it('tells many who ask at once from each other', async () => {
    const wrong = { ...ALICE, password: MUELLER.password }
    const asked = Array.from({ length: 20 }, () => [ALICE, wrong, MUELLER]).flat()
    const got = await Promise.all(asked.map((somebody) => statusOf('asked', somebody)))
    expect(got).toEqual(asked.map((somebody) => (somebody === wrong ? 401 : 200)))
  })

  it.skipIf(runtime === 'workerd').each(['secure', 'upgraded'])(
    'asks over TLS: %s',
    async (path) => {
      expect(await statusOf(path)).toBe(200)
      expect(await statusOf(path, { ...ALICE, password: 'x' })).toBe(401)
      expect(await statusOf(path, MUELLER)).toBe(200)
    },
  )

  it.skipIf(runtime === 'workerd')('does not trust who begins TLS for nobody', async () => {
    expect(await statusOf('doubted')).toBe(500)
  })

  it('does not trust a directory that nobody vouches for', async () => {
    expect(await statusOf('distrusted')).toBe(500)
  })

  it.each([
    ...(runtime === 'workerd'
      ? [
          { config: { start_tls: true }, message: 'start_tls need verify_ldap_host' },
          { config: { ldaps: true }, message: 'start_tls need verify_ldap_host' },
        ]
      : [
          { config: { start_tls: true, ldaps: true }, message: 'cannot be enabled simultaneously' },
        ]),
  ])('refuses to be configured with $config', async ({ config, message }) => {
    const whole = { ldap_host: 'localhost', base_dn: BASE, attribute: 'uid', ...config }
    const made = await admin('/plugins', { name: 'ldap-auth', config: whole })
    expect(made.status).toBe(400)
    expect(made.body).toContain(message)
  })

  it('remembers while the directory is away, and finds it again', async () => {
    for (const path of ['asked', 'remembered', 'briefly'])
      expect(await lasting(path, 200)).toBe(200)
    expect(await statusOf('remembered', { ...ALICE, password: 'x' })).toBe(401)
    await slapd.stop()
    try {
      expect(await statusOf('asked')).toBe(500)
      expect(await lasting('briefly', 500)).toBe(500)
      expect(await statusOf('remembered')).toBe(200)
      expect(await statusOf('remembered', { ...ALICE, password: 'x' })).toBe(401)
      expect(await statusOf('remembered', MUELLER)).toBe(500)
    } finally {
      await slapd.start()
    }
    expect(await statusOf('asked')).toBe(200)
    expect(await statusOf('briefly')).toBe(200)
    expect(await statusOf('remembered', MUELLER)).toBe(200)
  })
})
