import { afterEach, describe, expect, it } from 'vitest'
import { createNodeSockets } from '../../adapters/sockets/sockets.ts'
import { createWorkersSockets } from '../../adapters/workers/sockets.ts'
import {
  type Answering,
  bindResponse,
  type FakeDirectory,
  openDirectory,
  type TlsAnswer,
} from '../../test/ldap/fake-directory.ts'
import { openGateway, type Rig } from '../../test/plugins/open-gateway.ts'
import { valuesOf } from '../../test/proxy/fakes.ts'

const BASE = 'ou=people,dc=test'
const ldap = (login: string): string => `ldap ${Buffer.from(login).toString('base64')}`
const GOOD = ldap('älice:pass:wörd')

/** Knows one user; no empty password is asked about without notice. */
const knowing: Answering = ({ name, password }) =>
  password === '' || (name === `uid=älice,${BASE}` && password === 'pass:wörd') ? 0 : 49

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

interface Guarded extends Rig {
  readonly directory: FakeDirectory
}

async function guarded(
  config: Readonly<Record<string, unknown>> = {},
  answering = knowing,
  options: Parameters<typeof openDirectory>[1] = {},
): Promise<Guarded> {
  const directory = await openDirectory(answering, options)
  const place = { ldap_host: '127.0.0.1', ldap_port: directory.port }
  const plugin = { ...place, base_dn: BASE, attribute: 'uid', ...config }
  const rig = await openGateway({
    sockets: createNodeSockets(),
    plugins_of_route: [{ name: 'ldap-auth', config: plugin }],
    config: { consumers: [{ username: 'nobody' }] },
  })
  closing.push(
    () => rig.close(),
    () => directory.close(),
  )
  return { ...rig, directory }
}

describe('a request that proves nothing', () => {
  it.each<{ why: string; headers: Record<string, string>; binds: number }>([
    { why: 'no header', headers: {}, binds: 0 },
    { why: 'a wrong password', headers: { authorization: ldap('älice:x') }, binds: 1 },
    { why: 'an unknown name', headers: { authorization: ldap('eve:x') }, binds: 1 },
    { why: 'an empty password', headers: { authorization: ldap('älice:') }, binds: 0 },
    { why: 'no password', headers: { authorization: ldap('älice') }, binds: 0 },
    { why: 'no name', headers: { authorization: ldap(':x') }, binds: 0 },
    { why: 'no base64', headers: { authorization: 'ldap *' }, binds: 0 },
    { why: 'another scheme', headers: { authorization: GOOD.replace('ldap', 'Basic') }, binds: 0 },
    { why: 'a longer scheme', headers: { authorization: GOOD.replace('ldap', 'ldaps') }, binds: 0 },
    { why: 'a name to end its own', headers: { authorization: ldap(`älice,${BASE}:x`) }, binds: 1 },
  ])('is refused: $why', async ({ headers, binds }) => {
    const { ask, transport, directory } = await guarded()
    const answer = await ask('/', { headers })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toBe('LDAP')
    expect(answer.json).toEqual({
      message: 'Unauthorized',
      request_id: answer.headers.get('x-kong-request-id'),
    })
    expect(transport.sent).toHaveLength(0)
    expect(directory.asked).toHaveLength(binds)
  })

  it.each([
    { config: { realm: 'ours' }, challenge: 'LDAP realm="ours"' },
    { config: { header_type: 'basic' }, challenge: 'basic' },
    { config: { header_type: 'Basic', realm: 'ours' }, challenge: 'Basic realm="ours"' },
  ])('is told $challenge', async ({ config, challenge }) => {
    const { ask } = await guarded(config)
    expect((await ask('/')).headers.get('www-authenticate')).toBe(challenge)
  })

  it('passes as the anonymous consumer', async () => {
    const { ask, transport } = await guarded({ anonymous: 'nobody' })
    await ask('/', { headers: { authorization: ldap('eve:x') } })
    const headers = transport.sent[0]?.headers ?? []
    expect(valuesOf(headers, 'x-consumer-username')).toEqual(['nobody'])
    expect(valuesOf(headers, 'x-anonymous-consumer')).toEqual(['true'])
  })
})

it('asks as nobody elsewhere in the directory', async () => {
  const { ask, directory } = await guarded()
  await ask('/', { headers: { authorization: ldap('eve,ou=admins+x=y\0:pw') } })
  expect(directory.asked).toEqual([
    { id: 1, version: 3, name: `uid=eve\\,ou\\=admins\\+x\\=y\\00,${BASE}`, password: 'pw' },
  ])
})

describe('a good login', () => {
  it.each<{ where: string; headers: Record<string, string>; config?: object }>([
    { where: 'Authorization', headers: { authorization: GOOD } },
    { where: 'any case', headers: { authorization: GOOD.replace('ldap', 'LdAp') } },
    { where: 'Proxy-Authorization', headers: { 'proxy-authorization': GOOD, authorization: 'x' } },
    {
      where: 'Authorization, behind a bad one in the other',
      headers: { 'proxy-authorization': ldap('eve:x'), authorization: GOOD },
    },
    {
      where: 'another scheme',
      headers: { authorization: GOOD.replace('ldap', 'Basic') },
      config: { header_type: 'basic' },
    },
  ])('in $where passes, and the upstream is told the name', async ({ headers, config }) => {
    const { ask, transport } = await guarded({ ...config })
    const claims = { 'x-consumer-id': 'x', 'x-consumer-username': 'root' }
    expect((await ask('/', { headers: { ...headers, ...claims } })).status).toBe(200)
    const sent = transport.sent[0]?.headers ?? []
    expect(valuesOf(sent, 'x-credential-identifier')).toEqual([
      Buffer.from('älice').toString('latin1'),
    ])
    for (const name of ['x-consumer-id', 'x-consumer-username', 'x-anonymous-consumer']) {
      expect(valuesOf(sent, name)).toEqual([])
    }
    expect(valuesOf(sent, 'authorization')).toHaveLength(headers.authorization ? 1 : 0)
  })

  it('does not reach the upstream when it is to be hidden', async () => {
    const { ask, transport } = await guarded({ hide_credentials: true })
    await ask('/', { headers: { authorization: GOOD, 'proxy-authorization': 'x' } })
    const sent = transport.sent[0]?.headers ?? []
    expect(valuesOf(sent, 'authorization')).toEqual([])
    expect(valuesOf(sent, 'proxy-authorization')).toEqual([])
  })
})

describe('what the directory said', () => {
  it.each([
    { login: 'älice:pass:wörd', status: 200 },
    { login: 'eve:x', status: 401 },
  ])('of $login is remembered for a while', async ({ login, status }) => {
    const { ask, directory, runtime } = await guarded({ cache_ttl: 30 })
    const init = { headers: { authorization: ldap(login) } }
    for (let i = 0; i < 3; i++) expect((await ask('/', init)).status).toBe(status)
    expect(directory.asked).toHaveLength(1)
    runtime.time += 30_000
    expect((await ask('/', init)).status).toBe(status)
    expect(directory.asked).toHaveLength(2)
  })

  it('is about one name with one password', async () => {
    const { ask } = await guarded()
    await ask('/', { headers: { authorization: GOOD } })
    expect((await ask('/', { headers: { authorization: ldap('älice:other') } })).status).toBe(401)
  })

  it.each([
    { why: 'nothing is to be', config: { cache_ttl: 0 }, code: 0, status: 200 },
    { why: 'the directory was busy', config: {}, code: 51, status: 401 },
  ])('is not remembered where $why', async ({ config, code, status }) => {
    const { ask, directory } = await guarded(config, () => code)
    for (let i = 0; i < 2; i++) {
      expect((await ask('/', { headers: { authorization: GOOD } })).status).toBe(status)
    }
    expect(directory.asked).toHaveLength(2)
  })
})

describe('a connection', () => {
  const logins = ['a:1', 'b:2', 'c:3']

  it('is used again', async () => {
    const { ask, directory } = await guarded()
    for (const login of logins) await ask('/', { headers: { authorization: ldap(login) } })
    expect(directory.connections()).toBe(1)
    expect(directory.asked.map(({ id }) => id)).toEqual([1, 2, 3])
  })

  it('is not where it is not to be kept', async () => {
    const { ask, directory } = await guarded({ keepalive: 0 })
    for (const login of logins) await ask('/', { headers: { authorization: ldap(login) } })
    expect(directory.connections()).toBe(3)
  })

  it('has one bind at a time', async () => {
    let answerAll = (_: number): void => {}
    const held = new Promise<number>((resolve) => {
      answerAll = resolve
    })
    let count = 0
    const { ask, directory } = await guarded({}, () => {
      count++
      if (count === logins.length) answerAll(49)
      return held
    })
    const asking = logins.map((login) => ask('/', { headers: { authorization: ldap(login) } }))
    expect((await Promise.all(asking)).map(({ status }) => status)).toEqual([401, 401, 401])
    expect(directory.connections()).toBe(3)
  })

  it('that was ended meanwhile costs nothing', async () => {
    let dropping = false
    const { ask } = await guarded({ cache_ttl: 0 }, (asked) => {
      if (!dropping) return knowing(asked)
      dropping = false
      return 'hang up'
    })
    expect((await ask('/', { headers: { authorization: GOOD } })).status).toBe(200)
    dropping = true
    expect((await ask('/', { headers: { authorization: GOOD } })).status).toBe(200)
  })
})

describe('a directory that is not well', () => {
  it.each<{ why: string; answering: Answering; config?: object }>([
    { why: 'hangs up', answering: () => 'hang up' },
    { why: 'says nothing', answering: () => 'silence', config: { timeout: 50 } },
    { why: 'speaks something else', answering: () => Buffer.from('HTTP/1.1 400 \r\n\r\n') },
    { why: 'answers somebody else', answering: ({ id }) => bindResponse(id + 1, 0) },
    { why: 'is not there', answering: knowing, config: { ldap_port: 1 } },
  ])('is a reason for a 500, not for a refusal: it $why', async ({ answering, config }) => {
    const { ask, transport, runtime } = await guarded({ ...config, anonymous: 'nobody' }, answering)
    const answer = await ask('/', { headers: { authorization: GOOD } })
    expect(answer.status).toBe(500)
    expect(answer.json).toMatchObject({ message: 'An unexpected error occurred' })
    expect(transport.sent).toHaveLength(0)
    expect(runtime.lines).toContain('error: Cannot ask the LDAP directory')
  })
})

describe('ldaps', () => {
  it.each([
    { verify: false, status: 200 },
    { verify: true, status: 500 },
  ])('with a certificate nobody vouches for, verified: $verify', async ({ verify, status }) => {
    const config = { ldaps: true, verify_ldap_host: verify }
    const { ask } = await guarded(config, knowing, { tls: true })
    expect((await ask('/', { headers: { authorization: GOOD } })).status).toBe(status)
  })
})

describe('start_tls', () => {
  it.each<{ how: TlsAnswer; verify: boolean; status: number; binds: number }>([
    { how: 'begins', verify: false, status: 200, binds: 1 },
    // The certificate is nobody's.
    { how: 'begins', verify: true, status: 500, binds: 0 },
    { how: 'refuses', verify: false, status: 500, binds: 0 },
    { how: 'says too much', verify: false, status: 500, binds: 0 },
  ])('with a directory that $how, verified: $verify', async ({ how, verify, status, binds }) => {
    const config = { start_tls: true, verify_ldap_host: verify }
    const { ask, directory } = await guarded(config, knowing, { startTls: how })
    expect((await ask('/', { headers: { authorization: GOOD } })).status).toBe(status)
    expect(directory.wishes()).toBe(1)
    expect(directory.asked).toHaveLength(binds)
  })

  it('refuses a wrong password, and asks for TLS once a connection', async () => {
    const { ask, directory } = await guarded({ start_tls: true }, knowing, { startTls: 'begins' })
    const statusOf = async (login: string): Promise<number> =>
      (await ask('/', { headers: { authorization: ldap(login) } })).status
    expect(await statusOf('eve:x')).toBe(401)
    expect(await statusOf('eve:y')).toBe(401)
    expect(await statusOf('älice:pass:wörd')).toBe(200)
    expect([directory.wishes(), directory.connections()]).toEqual([1, 1])
  })

  it('does not wait for ever', async () => {
    const config = { start_tls: true, timeout: 50 }
    const { ask } = await guarded(config, knowing, { startTls: 'silence' })
    expect((await ask('/', { headers: { authorization: GOOD } })).status).toBe(500)
  })
})

describe('a configuration', () => {
  const workers = createWorkersSockets(() => {
    throw new Error('nobody connects')
  })
  it.each([
    { sockets: undefined, config: {}, message: 'ldap-auth needs TCP sockets' },
    { sockets: createNodeSockets(), config: { start_tls: true }, message: undefined },
    { sockets: workers, config: { start_tls: true }, message: 'start_tls need verify_ldap_host' },
    { sockets: workers, config: { start_tls: true, verify_ldap_host: true }, message: undefined },
    { sockets: workers, config: { ldaps: true }, message: 'ldaps and start_tls need verify_ldap' },
    { sockets: workers, config: { ldaps: true, verify_ldap_host: true }, message: undefined },
    { sockets: workers, config: {}, message: undefined },
  ])('$config: $message', async ({ sockets, config, message }) => {
    const rig = await openGateway(sockets === undefined ? {} : { sockets })
    const place = { ldap_host: 'ldap.test', base_dn: BASE, attribute: 'uid' }
    const made = await rig.admin('POST', '/plugins', {
      name: 'ldap-auth',
      config: { ...place, ...config },
    })
    expect(made.status).toBe(message === undefined ? 201 : 400)
    if (message !== undefined) expect(made.text).toContain(message)
  })
})
