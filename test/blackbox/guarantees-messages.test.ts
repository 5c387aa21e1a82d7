import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Pools, startPools } from '../wire/pools.ts'
import { requestText } from '../wire/raw-client.ts'
import { answering, plain } from '../wire/scripted-target.ts'
import { ask, json } from './client.ts'
import { residentMiB } from './resident.ts'
import { leniently, strictly } from './rfc3986.ts'
import { RUNTIMES } from './runtimes.ts'

// The wire suite holds on a Worker what can be held there.
const runtimes = RUNTIMES.filter((runtime) => runtime !== 'workerd')

/** Spellings that some server or other reads as `/admin`, or as something below it. */
const SPELLINGS = [
  '/admin',
  '/admin/',
  '/admin/x',
  '/admin?x=/y',
  '/admin?',
  '/%61dmin',
  '/admi%6E',
  '/%61%64%6d%69%6e',
  '/./admin',
  '/%2e/admin',
  '/x/../admin',
  '/x/./../admin',
  '/x/y/../../admin/z',
  '/x/%2e%2e/admin',
  '/x/%2E./admin',
  '/x/.%2e/%61dmin',
  '/../admin',
  '/../../x/../admin',
  '/%2e%2e/admin',
  '/admin/.',
  '/admin/x/..',
  '/admin/x/../../admin',
  '//admin',
  '///admin/x',
  '/x//../admin',
  '/x/..//admin',
  '/admin//',
  'http://HOST/x/../admin',
  'http://HOST/%61dmin',
]

/** Spellings that only a careless server reads so, and how they reach the upstream. */
const CARELESS = [
  ['/x/..%2fadmin', '/x/..%2Fadmin'],
  ['/x/..;/admin', '/x/..;/admin'],
  ['/x\\..\\admin', '/x%5C..%5Cadmin'],
  ['/admin%2fx', '/admin%2Fx'],
  ['/admin;x=1', '/admin;x=1'],
]

const isProtected = (path: string): boolean => path === '/admin' || path.startsWith('/admin/')

describe.concurrent.each(runtimes)('what is guaranteed of messages on %s', (runtime) => {
  let pools: Pools

  beforeAll(async () => {
    pools = await startPools(runtime)
  })
  afterAll(() => pools?.stop())

  /** A service for everything, and one with policies of its own for what is below `/admin`. */
  async function openGuarded() {
    const open = await pools.open({ scripts: [answering(plain('open'))] })
    const guard = await pools.open({ scripts: [answering(plain('guarded'))] })
    const name = guard.host.replace('.test', '')
    const route = { hosts: [open.host], paths: ['/admin'], strip_path: false }
    const made = await ask(`${pools.gateway.adminUrl}/services/${name}/routes`, json(route))
    expect(made.status).toBe(201)
    const [[unguarded], [guarded]] = [open.targets, guard.targets]
    return { host: open.host, opened: () => unguarded?.paths, guarded: () => guarded?.paths }
  }

  async function send(host: string, target: string): Promise<number> {
    const client = await pools.connect()
    client.write(requestText(`GET ${target.replace('HOST', host)}`, host))
    const { status } = await client.answer()
    client.leave()
    return status
  }

  it.sequential('G15: no spelling of a protected path gets past its policies', async () => {
    expect(SPELLINGS.length).toBe(29)
    const { host, opened, guarded } = await openGuarded()
    expect(await send(host, '/x')).toBe(200)
    for (const spelling of SPELLINGS) expect([200, 400]).toContain(await send(host, spelling))
    expect(opened()?.filter((path) => isProtected(strictly(path)))).toEqual([])
    expect(guarded()?.filter((path) => !isProtected(strictly(path)))).toEqual([])
    expect(guarded()).toContain('/admin')
    expect(opened()).toContain('/x')
  })

  it.sequential('G15: what reaches the open service is not even read carelessly as protected', async () => {
    const { host, opened } = await openGuarded()
    for (const spelling of SPELLINGS) await send(host, spelling)
    expect(opened()?.filter((path) => isProtected(leniently(path)))).toEqual([])
  })

  // As in Kong: what is encoded or odd is left for the upstream to read (advice, not guaranteed).
  it.sequential.each(CARELESS)('G15: %s goes on as %s', async (spelling, arriving) => {
    const { host, opened, guarded } = await openGuarded()
    expect(await send(host, spelling)).toBe(200)
    expect([...(opened() ?? []), ...(guarded() ?? [])]).toEqual([arriving])
  })

  const text = Buffer.from('hello, gibbon '.repeat(5000))
  it.sequential.each([
    ['gzip', gzipSync(text)],
    ['gzip', gzipSync(text).subarray(0, 40)],
    ['gzip', Buffer.from('this is no gzip')],
    ['deflate', deflateSync(text)],
    ['br', brotliCompressSync(text)],
    ['gzip, br', brotliCompressSync(gzipSync(text))],
  ])('G25: a body in %s comes byte for byte, by length and in chunks', async (coding, body) => {
    const head = `HTTP/1.1 200 OK\r\nContent-Encoding: ${coding}\r\n`
    const whole = `${head}Content-Length: ${body.length}\r\n\r\n${body.toString('latin1')}`
    const size = body.length.toString(16)
    const chunk = `${size}\r\n${body.toString('latin1')}\r\n0\r\n\r\n`
    for (const answer of [whole, `${head}Transfer-Encoding: chunked\r\n\r\n${chunk}`]) {
      const bytes = Buffer.from(answer, 'latin1')
      const { host } = await pools.open({ scripts: [answering(bytes)] })
      const client = await pools.connect()
      client.write(requestText('GET /', host, 'Accept-Encoding: gzip, br\r\n'))
      const got = await client.answer()
      expect([got.status, got.values('content-encoding')]).toEqual([200, [coding]])
      expect(got.bytes.equals(body)).toBe(true)
    }
  })

  it.sequential('G25: what would be 512 MiB unpacked takes no more room than it is', async () => {
    // Members of gzip stand one behind another.
    const member = gzipSync(Buffer.alloc(16 * 1024 * 1024), { level: 1 })
    const bomb = Buffer.concat(Array.from({ length: 32 }, () => member))
    const head = `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`
    const answer = Buffer.concat([Buffer.from(head), bomb])
    const { host } = await pools.open({ scripts: [answering(answer)] })
    const before = residentMiB(pools.gateway.pid)
    const client = await pools.connect()
    client.write(requestText('GET /', host, 'Accept-Encoding: gzip\r\n'))
    const got = await client.answer()
    expect(got.bytes.equals(bomb)).toBe(true)
    expect(residentMiB(pools.gateway.pid) - before).toBeLessThan(96)
  })
})
