import { beforeEach, describe, expect, it } from 'vitest'
import { openAdmin } from '../../test/open-admin.ts'
import { settingsWith } from '../../test/proxy/fakes.ts'
import { type Access, type Caller, createAccess } from './access.ts'

const TOKEN = 'a-token-of-the-tests'
const CLIENT = '192.0.2.1'

let now: number
let logged: string[]
let access: Access

beforeEach(() => {
  now = 1_000_000
  logged = []
  const log = (...line: unknown[]) => logged.push(JSON.stringify(line))
  const settings = settingsWith({
    adminToken: TOKEN,
    adminGuiUrls: ['https://manager.test'],
    shown: { admin_listeners: [{ ip: '127.0.0.1' }] },
  })
  access = createAccess({ settings, runtime: { now: () => now, log } })
})

const ask = (headers: Record<string, string>, caller: Caller = {}, method = 'GET') =>
  access.refuse(new Request('http://localhost:8001/services', { method, headers }), caller)

const statusOf = async (...asked: Parameters<typeof ask>) => (await ask(...asked))?.status ?? 200

describe('the token', () => {
  it.each([
    [{}, 401],
    [{ 'kong-admin-token': TOKEN }, 200],
    [{ 'Kong-Admin-Token': `${TOKEN}x` }, 401],
    [{ 'kong-admin-token': TOKEN.slice(1) }, 401],
    [{ 'kong-admin-token': '' }, 401],
    [{ authorization: `Bearer ${TOKEN}` }, 200],
    [{ authorization: `bearer ${TOKEN}` }, 200],
    [{ authorization: `Basic ${TOKEN}` }, 401],
    [{ authorization: TOKEN }, 401],
    [{ authorization: 'Bearer wrong' }, 401],
  ])('brought as %j answers %i', async (headers, status) => {
    expect(await statusOf(headers as Record<string, string>)).toBe(status)
  })

  it('is asked for in the way of RFC 6750', async () => {
    expect(await ask({})).toEqual({
      status: 401,
      body: { message: 'Unauthorized' },
      headers: { 'WWW-Authenticate': 'Bearer' },
    })
  })

  it('is not asked for on the status listener, nor is Host', async () => {
    expect(await statusOf({ host: 'probe.internal' }, { trusted: true })).toBe(200)
    expect(await statusOf({ host: 'probe.internal', 'kong-admin-token': TOKEN })).toBe(403)
  })

  it.each([
    [{ origin: 'https://manager.test', 'access-control-request-method': 'PUT' }, 200],
    [{ origin: 'http://evil.test', 'access-control-request-method': 'PUT' }, 401],
    [{ origin: 'https://manager.test' }, 401],
    [{ 'access-control-request-method': 'PUT' }, 401],
  ])('is not asked of a trusted preflight: %j answers %i', async (headers, status) => {
    const asked = { host: 'localhost:8001', ...headers } as Record<string, string>
    expect(await statusOf(asked, {}, 'OPTIONS')).toBe(status)
  })

  it('is not asked for without the setting', async () => {
    const open = createAccess({ settings: settingsWith(), runtime: { now: () => now, log() {} } })
    expect(await open.refuse(new Request('http://localhost/'), {})).toBeUndefined()
  })
})

describe('an address that guesses', () => {
  const guess = (caller: Caller = { address: CLIENT }) =>
    statusOf({ 'kong-admin-token': 'guess' }, caller)
  const login = (caller: Caller = { address: CLIENT }) =>
    statusOf({ 'kong-admin-token': TOKEN }, caller)

  it('is shut out for the rest of the minute, whatever it brings then', async () => {
    for (let i = 0; i < 20; i++) expect(await guess()).toBe(401)
    now += 15_500
    expect(await ask({ 'kong-admin-token': TOKEN }, { address: CLIENT })).toMatchObject({
      status: 429,
      headers: { 'Retry-After': '45' },
    })
    expect(await login({ address: '192.0.2.2' })).toBe(200)
    now += 44_500
    expect(await login()).toBe(200)
  })

  it('is not shut out for bringing nothing, or when nobody knows it', async () => {
    for (let i = 0; i < 30; i++) await ask({}, { address: CLIENT })
    expect(await login()).toBe(200)
    for (let i = 0; i < 30; i++) await guess({})
    expect(await login({})).toBe(200)
  })

  it('is logged a few times, without the token', async () => {
    for (let i = 0; i < 30; i++) await guess({})
    await guess()
    expect(logged).toHaveLength(21)
    expect(logged.at(-1)).toContain(CLIENT)
    expect(logged.join()).not.toMatch(/guess|a-token/)
  })

  it('is forgotten when too many others come', async () => {
    for (let i = 0; i < 20; i++) await guess()
    for (let i = 0; i < 1000; i++) await guess({ address: `10.0.${i >> 8}.${i & 255}` })
    expect(await login()).toBe(200)
  })
})

describe('a whole Admin API behind a token', () => {
  it('tells a page of ours that it needs one, with the headers that let it read so', async () => {
    const admin = await openAdmin({ adminToken: TOKEN, adminGuiUrls: ['https://manager.test'] })
    const page = { origin: 'https://manager.test' }
    const refused = await admin.send('GET', '/services', undefined, undefined, page)
    expect([refused.status, refused.text]).toEqual([401, '{"message":"Unauthorized"}'])
    expect(refused.headers.get('www-authenticate')).toBe('Bearer')
    expect(refused.headers.get('access-control-allow-origin')).toBe('https://manager.test')
    expect(refused.headers.get('access-control-allow-credentials')).toBe('true')

    const preflight = await admin.send('OPTIONS', '/services', undefined, undefined, {
      ...page,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type,kong-admin-token',
    })
    expect([preflight.status, preflight.text]).toEqual([204, ''])
    expect(preflight.headers.get('access-control-allow-origin')).toBe('https://manager.test')
    expect(preflight.headers.get('access-control-allow-methods')).toContain('POST')
    expect(preflight.headers.get('access-control-allow-headers')).toBe(
      'content-type,kong-admin-token',
    )

    const bearing = { ...page, 'kong-admin-token': TOKEN }
    const listed = await admin.send('GET', '/services', undefined, undefined, bearing)
    expect(listed.status).toBe(200)
    const missing = await admin.send('GET', '/nowhere', undefined, undefined, bearing)
    expect(missing.status).toBe(404)
    expect(missing.headers.get('access-control-allow-origin')).toBe('https://manager.test')
  })

  it('names its header where a preflight asks for none', async () => {
    const admin = await openAdmin({ adminToken: TOKEN })
    const bearing = { 'kong-admin-token': TOKEN }
    const { headers } = await admin.send('OPTIONS', '/services', undefined, undefined, bearing)
    expect(headers.get('access-control-allow-headers')).toBe('Content-Type, Kong-Admin-Token')
  })
})
