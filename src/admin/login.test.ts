import { beforeEach, describe, expect, it } from 'vitest'
import { readSettings } from '../settings/read.ts'
import { createAccess } from './access.ts'
import { browserRules } from './browser.ts'
import { createLogin, type Login } from './login.ts'
import { createSeals, LOGIN_SECONDS, MOST_ENDED } from './login-seal.ts'

const TOKEN = 'open-sesame'
const URL_HERE = 'http://127.0.0.1:8001/manager/session'
const read = readSettings([
  new Map([
    ['admin_token', TOKEN],
    ['admin_gui_url', 'https://manager.test'],
    ['admin_gui_listen', '127.0.0.1:8002'],
  ]),
])
if (!read.ok) throw new Error(read.errors.join())
const { settings } = read

let now = 1_700_000_000_000
const logged: string[] = []
const runtime = { now: () => now, log: (_: string, text: string) => void logged.push(text) }

let login: Login
beforeEach(() => {
  now = 1_700_000_000_000
  logged.length = 0
  login = createLogin(TOKEN, { rules: browserRules(settings), runtime })
})

const typed = (token: unknown, url = URL_HERE, address = '192.0.2.1') =>
  login.answer(new Request(url, { method: 'POST', body: JSON.stringify({ token }) }), address)

/** A request of the page, with the cookie that a login gave. */
const asking = (cookie: string, headers: Record<string, string> = {}) =>
  new Request('http://127.0.0.1:8001/services', {
    headers: {
      host: '127.0.0.1:8001',
      cookie: `other=1; ${cookie}`,
      'x-requested-with': 'gibbon-manager',
      ...headers,
    },
  })

const cookieOf = (headers: Readonly<Record<string, string>> = {}) =>
  (headers['Set-Cookie'] ?? '').split(';')[0] ?? ''

it('gives a cookie that no script and no other site can use', async () => {
  const { status, headers } = await typed(TOKEN)
  expect(status).toBe(204)
  expect(headers?.['Set-Cookie']).toMatch(
    /^gibbon_manager_8001=\S+; Path=\/; Max-Age=28800; HttpOnly; SameSite=Strict$/,
  )
  expect(headers?.['Set-Cookie']).not.toContain(TOKEN)
})

it('keeps the cookie of a page that came over TLS to TLS', async () => {
  const { headers } = await typed(TOKEN, 'https://admin.test/manager/session')
  expect(headers?.['Set-Cookie']).toMatch(/^gibbon_manager=\S+; .*; Secure$/)
})

describe('a login', () => {
  let cookie: string
  beforeEach(async () => {
    cookie = cookieOf((await typed(TOKEN)).headers)
  })

  it.each([
    ['the page', {}, true],
    [
      'the page, as the browser tells',
      { 'x-requested-with': '', 'sec-fetch-site': 'same-origin' },
      true,
    ],
    [
      'the page on its own port',
      { origin: 'http://127.0.0.1:8002', 'sec-fetch-site': 'same-site' },
      true,
    ],
    ['a page of admin_gui_url', { origin: 'https://manager.test' }, true],
    ['the very origin', { origin: 'http://127.0.0.1:8001' }, true],
    ['a link or a form', { 'x-requested-with': '' }, false],
    ['another port of this host', { origin: 'http://127.0.0.1:3000' }, false],
    ['another site', { origin: 'https://evil.test' }, false],
    ['nowhere', { origin: 'null' }, false],
  ])('counts for %s: %o %s', async (_, headers, counts) => {
    expect(await login.holds(asking(cookie, headers))).toBe(counts)
  })

  it('ends', async () => {
    now += LOGIN_SECONDS * 1000 - 1
    expect(await login.holds(asking(cookie))).toBe(true)
    now += 1
    expect(await login.holds(asking(cookie))).toBe(false)
  })

  it('is known by every process, and by none with another token', async () => {
    const value = cookie.split('=')[1] ?? ''
    expect(await createSeals(TOKEN).holds(value, now)).toBe(true)
    expect(await createSeals(`${TOKEN}2`).holds(value, now)).toBe(false)
  })

  it.each([
    ['a later end', (text: string) => text.replace(/^\d+/, '9999999999')],
    ['another mac', (text: string) => text.replace(/.$/, (last) => (last === '0' ? '1' : '0'))],
    ['no mac', (text: string) => text.replace(/\.[^.]*$/, '')],
    ['nothing', () => ''],
  ])('cannot be forged with %s', async (_, forge) => {
    const [name = '', value = ''] = cookie.split('=')
    expect(await login.holds(asking(`${name}=${forge(value)}`))).toBe(false)
  })

  it('opens the Admin API, and a wrong token beside it does not', async () => {
    const access = createAccess({ settings, runtime })
    expect(await access.refuse(asking(cookie), {})).toBeUndefined()
    expect(await access.refuse(asking('x=y'), {})).toMatchObject({ status: 401 })
    const wrong = asking(cookie, { 'kong-admin-token': 'x' })
    expect(await access.refuse(wrong, {})).toMatchObject({ status: 401 })
  })

  it('tells whether it is there', async () => {
    const request = new Request(URL_HERE, asking(cookie))
    expect(await login.answer(request, '')).toMatchObject({
      body: { required: true, active: true },
    })
  })

  it('can be left', async () => {
    const { status, headers } = await login.answer(new Request(URL_HERE, { method: 'DELETE' }), '')
    expect([status, headers?.['Set-Cookie']]).toEqual([204, expect.stringContaining('Max-Age=0')])
  })

  it('is over for whoever kept its cookie, and for nobody else', async () => {
    const other = cookieOf((await typed(TOKEN)).headers)
    await login.answer(new Request(asking(cookie), { method: 'DELETE' }), '')
    expect(await login.holds(asking(cookie))).toBe(false)
    expect(await login.holds(asking(other))).toBe(true)
  })

  it('is not ended by what is not the page', async () => {
    const link = asking(cookie, { 'x-requested-with': '' })
    await login.answer(new Request(link, { method: 'DELETE' }), '')
    expect(await login.holds(asking(cookie))).toBe(true)
  })
})

describe('ended sessions', () => {
  it('are remembered so many at a time', async () => {
    const seals = createSeals(TOKEN)
    const first = await seals.seal(now)
    await seals.end(first, now)
    for (let at = 1; at < MOST_ENDED; at++) await seals.end(await seals.seal(now), now)
    expect(await seals.holds(first, now)).toBe(false)
    await seals.end(await seals.seal(now), now)
    expect(await seals.holds(first, now)).toBe(true)
  })

  it('give way to none that is forged or over', async () => {
    const seals = createSeals(TOKEN)
    const first = await seals.seal(now)
    await seals.end(first, now)
    const forger = createSeals('guessed')
    for (let at = 0; at < MOST_ENDED; at++) await seals.end(await forger.seal(now), now)
    const over = now - LOGIN_SECONDS * 1000
    for (let at = 0; at < MOST_ENDED; at++) await seals.end(await seals.seal(over), now)
    expect(await seals.holds(first, now)).toBe(false)
  })
})

it.each([['wrong'], [7], [undefined], ['']])('refuses %o', async (token) => {
  expect(await typed(token)).toMatchObject({ status: 401, body: { message: 'Unauthorized' } })
  expect(logged).toEqual(['Refused a login to the Manager with a wrong token'])
})

it.each([
  ['no JSON', 'x'],
  ['much', `{"token":"${'x'.repeat(9000)}"}`],
])('refuses %s', async (_, body) => {
  const headers = { 'content-length': String(body.length) }
  const request = new Request(URL_HERE, { method: 'POST', body, headers })
  expect(await login.answer(request, '')).toMatchObject({ status: 401 })
})

it('lets an address try five times a minute, even all at once', async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, () => typed('wrong')))
  // Which of them come too late is for the digests to settle; how many is not.
  const statuses = answers.map(({ status }) => status).sort()
  expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429])
  expect(await typed(TOKEN)).toMatchObject({ status: 429, headers: { 'Retry-After': '60' } })
  expect(await typed(TOKEN, URL_HERE, '192.0.2.2')).toMatchObject({ status: 204 })
  now += 60_000
  expect(await typed(TOKEN)).toMatchObject({ status: 204 })
})
