import { describe, expect, it } from 'vitest'
import { openAdmin } from '../../test/open-admin.ts'
import { parseListens } from '../settings/listen.ts'
import { kongManagerConfig, managerFront } from './manager-front.ts'
import { type ManagerPage, managerResponse } from './manager-page.ts'

const page: ManagerPage = {
  html: '<html><meta name="admin-api" content=""><script>1</script></html>',
  hashes: { script: 'sha256-a', style: 'sha256-b' },
}
const request = (url: string, init?: RequestInit) => new Request(url, init)

describe('the page', () => {
  it('runs nothing but itself', () => {
    const { headers } = managerResponse(request('http://h/manager'), page)
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'sha256-a'; style-src 'sha256-b'; connect-src 'self'; " +
        "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    )
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
  })

  it('is sent once', async () => {
    const etag = managerResponse(request('http://h/manager'), page).headers.get('etag') ?? ''
    const again = request('http://h/manager', { headers: { 'if-none-match': `"x", W/${etag}` } })
    const answer = managerResponse(again, page)
    expect([answer.status, await answer.text(), answer.headers.get('etag')]).toEqual([
      304,
      '',
      etag,
    ])
  })

  it('has its length told by HEAD', async () => {
    const answer = managerResponse(request('http://h/manager', { method: 'HEAD' }), page)
    expect([answer.headers.get('content-length'), await answer.text()]).toEqual([
      String(page.html.length),
      '',
    ])
  })
})

describe('admin_gui_listen', () => {
  const { listens } = parseListens('admin_listen', '127.0.0.1:8001, 127.0.0.1:8444 ssl')
  const gui = { path: '', apiUrl: undefined }
  const front = (url: string, options: Partial<Parameters<typeof managerFront>[1]> = {}) =>
    managerFront(request(url), { page, gui, adminListens: listens, ...options })

  it.each([
    { url: 'http://127.0.0.1:8002/', api: 'http://127.0.0.1:8001' },
    { url: 'http://localhost:8002/', api: 'http://localhost:8001' },
    { url: 'http://[::1]:8002/', api: 'http://[::1]:8001' },
    { url: 'https://admin.test/', api: 'https://admin.test:8444' },
    { url: 'http://h/', apiUrl: 'https://api.test/admin', api: 'https://api.test/admin' },
    { url: 'https://h/', apiUrl: 'api.test:1', api: 'https://api.test:1' },
  ])('asks $api for $url', async ({ url, apiUrl, api }) => {
    const answer = front(url, { gui: { path: '', apiUrl } })
    expect(await answer.text()).toContain(`<meta name="admin-api" content="${api}">`)
    const { origin } = new URL(api)
    expect(answer.headers.get('content-security-policy')).toContain(`connect-src 'self' ${origin};`)
  })

  it.each([
    { path: '', asked: '/', status: 200 },
    // Addresses of Kong's Manager that somebody has kept.
    { path: '', asked: '/default/services', status: 200 },
    { path: '', asked: '/x.js', status: 404 },
    { path: '', asked: '/favicon.ico', status: 404 },
    { path: '', asked: '/kconfig.js', status: 200 },
    { path: '/manager', asked: '/kconfig.js', status: 404 },
    { path: '/manager', asked: '/manager/kconfig.js', status: 200 },
    { path: '/manager', asked: '/manager/services', status: 200 },
    { path: '/manager', asked: '/managers', status: 404 },
    { path: '/manager', asked: '/manager/', status: 200 },
    { path: '/manager', asked: '/', status: 404 },
  ])('answers $status for $asked under "$path"', ({ path, asked, status }) => {
    const answer = front(`http://h${asked}`, { gui: { path, apiUrl: undefined } })
    expect(answer.status).toBe(status)
  })

  it('has the script that Kong’s own Manager reads', async () => {
    const answer = front('http://h/kconfig.js')
    expect([answer.headers.get('content-type'), await answer.text()]).toEqual([
      'text/javascript; charset=utf-8',
      kongManagerConfig(gui, listens),
    ])
  })

  it('tells Kong’s own Manager where things are', () => {
    expect(kongManagerConfig({ path: '/m', apiUrl: undefined }, listens)).toBe(
      [
        'window.K_CONFIG = {',
        "  'ADMIN_GUI_PATH': '/m',",
        "  'ADMIN_API_URL': '',",
        "  'ADMIN_API_PORT': '8001',",
        "  'ADMIN_API_SSL_PORT': '8444',",
        "  'ANONYMOUS_REPORTS': 'false'",
        '}',
        '',
      ].join('\n'),
    )
  })
})

describe('under the Admin API', () => {
  it.each(['/manager', '/manager/'])('is at %s, token or not', async (path) => {
    const admin = await openAdmin({ adminToken: 'open-sesame', manager: page })
    const { status, text } = await admin.get(path)
    expect([status, text]).toEqual([200, page.html])
    expect((await admin.get('/services')).status).toBe(401)
  })

  it('opens the Admin API by a login', async () => {
    const admin = await openAdmin({ adminToken: 'open-sesame', manager: page })
    const made = await admin.json('POST /manager/session', { token: 'open-sesame' })
    const cookie = made.headers.get('set-cookie')?.split(';')[0] ?? ''
    const headers = { cookie, 'x-requested-with': 'gibbon-manager' }
    expect((await admin.send('GET', '/services', undefined, undefined, headers)).status).toBe(200)
    const bare = await admin.send('GET', '/services', undefined, undefined, { cookie })
    expect(bare.status).toBe(401)
  })

  it('asks nobody for a token where there is none', async () => {
    const admin = await openAdmin({ manager: page })
    expect((await admin.get('/manager/session')).body).toEqual({ required: false, active: false })
    expect((await admin.json('POST /manager/session', { token: 'x' })).status).toBe(405)
  })

  it('refuses logins from other sites', async () => {
    const admin = await openAdmin({ adminToken: 'open-sesame', manager: page })
    const body = '{"token":"open-sesame"}'
    const headers = { host: '127.0.0.1', origin: 'https://evil.test' }
    const answer = await admin.send('POST', '/manager/session', body, 'application/json', headers)
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([403, null])
  })

  it('is not there where it is not served', async () => {
    expect((await (await openAdmin()).get('/manager')).status).toBe(404)
  })
})
