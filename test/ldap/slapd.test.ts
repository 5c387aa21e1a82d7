import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createNodeSockets } from '../../adapters/sockets/sockets.ts'
import { LDAP_CODE } from '../../src/lib/ldap-message.ts'
import { createLdapClient } from '../../src/plugins/ldap-auth/client.ts'
import type { SocketPlace } from '../../src/ports/sockets.ts'
import type { UpstreamTls } from '../../src/ports/transport.ts'
import { ALICE, BASE, BOSS, MUELLER } from './people.ts'
import { type Slapd, startSlapd, whyNoSlapd } from './slapd.ts'

const missing = whyNoSlapd()
if (missing !== undefined) console.warn(`test/ldap is skipped: ${missing}`)

describe.skipIf(missing !== undefined)('a real directory', () => {
  let slapd: Slapd
  const closing: (() => unknown)[] = []
  beforeAll(async () => {
    slapd = await startSlapd()
  })
  afterAll(() => slapd?.close())
  afterEach(() => {
    for (const close of closing.splice(0)) close()
  })

  const clientOf = (place: Partial<SocketPlace> = {}, startTls?: UpstreamTls) => {
    const sockets = createNodeSockets()
    const client = createLdapClient(sockets, {
      place: { host: '127.0.0.1', port: slapd.port, connectTimeout: 5000, ...place },
      ...(startTls && { startTls }),
      timeout: 5000,
      keepalive: 5000,
      after(milliseconds, run) {
        const timer = setTimeout(run, milliseconds)
        return () => clearTimeout(timer)
      },
    })
    closing.push(
      () => client.close(),
      () => sockets.close(),
    )
    return (name: string, password: string) =>
      client.bind(name, new TextEncoder().encode(password)).then(({ code }) => code)
  }
  const aliceDn = `uid=${ALICE.name},${BASE}`

  it.each([
    { why: 'a good password', name: aliceDn, password: ALICE.password, code: LDAP_CODE.success },
    { why: 'escapes', name: MUELLER.dn, password: MUELLER.password, code: LDAP_CODE.success },
    { why: 'a wrong one', name: aliceDn, password: 'x', code: LDAP_CODE.invalidCredentials },
    { why: 'nobody', name: `uid=eve,${BASE}`, password: 'x', code: LDAP_CODE.invalidCredentials },
    { why: 'no name', name: 'uid', password: 'x', code: LDAP_CODE.invalidDnSyntax },
  ])('answers $why', async ({ name, password, code }) => {
    expect(await clientOf()(name, password)).toBe(code)
  })

  // What the tests of the gateway rest upon: those who are refused there could bind here.
  it.each([
    { why: 'somebody without a password', name: aliceDn, password: '' },
    { why: 'somebody on another branch', name: BOSS.dn, password: BOSS.password },
    { why: 'a name in digits', name: `uid=\\61lice,${BASE}`, password: ALICE.password },
  ])('takes $why', async ({ name, password }) => {
    expect(await clientOf()(name, password)).toBe(LDAP_CODE.success)
  })

  it('tells one from the other on one connection', async () => {
    const bind = clientOf()
    for (let i = 0; i < 150; i++) {
      const good = i % 3 === 0
      const code = await bind(aliceDn, good ? ALICE.password : 'x')
      expect(code).toBe(good ? LDAP_CODE.success : LDAP_CODE.invalidCredentials)
    }
  })

  it.each([
    { why: 'not looked at', verify: false, trusted: false, serverName: 'x.test', works: true },
    { why: 'trusted', verify: true, trusted: true, serverName: 'localhost', works: true },
    { why: 'of another', verify: true, trusted: true, serverName: 'x.test', works: false },
    { why: 'not trusted', verify: true, trusted: false, serverName: 'localhost', works: false },
  ])('over TLS, its certificate $why', async ({ verify, trusted, serverName, works }) => {
    const tls = { verify, serverName, ...(trusted ? { ca: [slapd.ca] } : {}) }
    const asking = clientOf({ port: slapd.tlsPort, tls })(aliceDn, ALICE.password)
    if (works) expect(await asking).toBe(LDAP_CODE.success)
    else await expect(asking).rejects.toMatchObject({ name: 'SocketError' })
  })

  it('begins TLS when asked, and goes on in it', async () => {
    const bind = clientOf({}, { verify: true, serverName: 'localhost', ca: [slapd.ca] })
    for (let i = 0; i < 20; i++) {
      const code = await bind(aliceDn, i % 2 === 0 ? ALICE.password : 'x')
      expect(code).toBe(i % 2 === 0 ? LDAP_CODE.success : LDAP_CODE.invalidCredentials)
    }
    const doubting = clientOf({}, { verify: true, serverName: 'localhost' })
    await expect(doubting(aliceDn, ALICE.password)).rejects.toMatchObject({ name: 'SocketError' })
  })

  it('is found again after it was away', async () => {
    const bind = clientOf()
    expect(await bind(aliceDn, ALICE.password)).toBe(LDAP_CODE.success)
    await slapd.stop()
    await expect(bind(aliceDn, ALICE.password)).rejects.toMatchObject({ name: 'SocketError' })
    await slapd.start()
    expect(await bind(aliceDn, ALICE.password)).toBe(LDAP_CODE.success)
  })
})
