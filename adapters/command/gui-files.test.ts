import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseListens } from '../../src/settings/listen.ts'
import { guiFile } from './gui-files.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gibbon-gui-'))
  const dir = join(folder, 'build')
  mkdirSync(join(dir, 'assets'), { recursive: true })
  writeFileSync(join(folder, 'secret.js'), 'secret')
  writeFileSync(join(dir, 'index.html'), '<script src="/__km_base__/assets/a.js"></script>')
  writeFileSync(join(dir, 'assets', 'a.js'), 'import("/__km_base__/b")')
  writeFileSync(join(dir, 'assets', 'a.png'), Uint8Array.of(137, 80, 78, 71, 255))
  symlinkSync(join(folder, 'secret.js'), join(dir, 'way-out.js'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const ask = async (path: string, { base = '', method = 'GET' } = {}) => {
  const gui = {
    listens: [],
    chosen: true,
    path: base,
    apiUrl: undefined,
    dir: join(folder, 'build'),
  }
  const { listens: adminListens } = parseListens('admin_listen', '127.0.0.1:8001')
  const answer = await guiFile(new Request(`http://h${path}`, { method }), { gui, adminListens })
  const type = answer.headers.get('content-type')?.split(';')[0]
  return { status: answer.status, type, text: await answer.text(), headers: answer.headers }
}

const INDEX = '<script src="/assets/a.js"></script>'

describe('a build of Kong Manager', () => {
  it.each([
    ['/', 'text/html', INDEX],
    ['/services/some.thing', 'text/html', INDEX],
    ['/assets/a.js', 'text/javascript', 'import("/b")'],
    ['/assets', 'text/html', INDEX],
    ['/not-there.html', 'text/html', INDEX],
    ['/not-there.txt', 'text/html', INDEX],
    ['/%', 'text/html', INDEX],
    ['/%00', 'text/html', INDEX],
  ])('answers %s with %s', async (path, type, text) => {
    expect(await ask(path)).toMatchObject({ status: 200, type, text })
  })

  it.each([
    // Nothing beyond the folder, by whatever way.
    '/../secret.js',
    '/%2e%2e%2fsecret.js',
    '/way-out.js',
    '/not-there.js',
    '/assets/not-there.PNG',
    '/not-there.jpeg',
    '/not-there.css',
  ])('has no %s', async (path) => {
    expect(await ask(path)).toMatchObject({ status: 404, text: '{"message":"Not found"}' })
  })

  it('sends other files as they are', async () => {
    expect(await ask('/assets/a.png')).toMatchObject({ status: 200, type: 'image/png' })
  })

  it('stands under a path of its own', async () => {
    const base = '/ui'
    expect(await ask('/ui', { base })).toMatchObject({
      text: '<script src="/ui/assets/a.js"></script>',
    })
    expect(await ask('/ui/kconfig.js', { base })).toMatchObject({
      type: 'text/javascript',
      text: expect.stringContaining(
        "'ADMIN_GUI_PATH': '/ui',\n  'ADMIN_API_URL': '',\n  'ADMIN_API_PORT': '8001'",
      ),
    })
    for (const path of ['/', '/uix', '/kconfig.js', '/other/kconfig.js']) {
      expect((await ask(path, { base })).status).toBe(404)
    }
  })

  it('can be read alone, and framed by nobody', async () => {
    expect((await ask('/', { method: 'POST' })).status).toBe(405)
    const { text, headers } = await ask('/', { method: 'HEAD' })
    expect([text, headers.get('content-security-policy')]).toEqual(['', "frame-ancestors 'none'"])
  })
})
