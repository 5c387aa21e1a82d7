import { expect, it } from 'vitest'
import type { Outgoing } from '../../src/ports/transport.ts'
import { incoming } from '../proxy/fakes.ts'
import { openWhole, type Whole } from './gate.ts'

async function opened(adminToken?: string): Promise<Whole> {
  const answering = ({ method, headers }: Outgoing) =>
    incoming({ status: 201, headers: ['X-Seen', `${method} ${headers.length > 0}`], body: 'made' })
  const whole = await openWhole(answering, { adminToken })
  if (adminToken !== undefined) return whole
  await whole.admin('POST', '/services', { name: 's', url: 'http://10.0.0.1:80' })
  await whole.admin('POST', '/services/s/routes', { paths: ['/a'] })
  return whole
}

it('sends a request through the proxy and tells what came of it', async () => {
  const { admin, transport } = await opened()
  const { status, body } = await admin('POST', '/debug/send', {
    method: 'POST',
    url: 'http://a.test/a/b?c=d',
    headers: { 'X-One': ['1', '2'], 'Content-Length': '999', 'Transfer-Encoding': 'chunked' },
    body: 'grüezi',
    ip: '10.9.8.7',
  })
  expect(status).toBe(200)
  expect(body).toMatchObject({ status: 201, body: 'made', body_bytes: 4, body_cut: false })
  expect(body.timings).toEqual({ head_ms: 0, total_ms: 0 })
  expect(body.headers).toContainEqual(['X-Seen', 'POST true'])
  const [sent] = transport.sent
  const headers = sent?.headers ?? []
  expect(sent?.target).toBe('/b?c=d')
  expect(headers.filter((name) => /^(content-length|transfer-encoding)$/i.test(name))).toHaveLength(
    1,
  )
  expect(headers[headers.findIndex((name) => /^content-length$/i.test(name)) + 1]).toBe('7')
  expect(headers[headers.findIndex((name) => /^x-real-ip$/i.test(name)) + 1]).toBe('10.9.8.7')
})

it('tells a refusal of the gateway as any answer', async () => {
  const { body } = await (await opened()).admin('POST', '/debug/send', { url: '/nowhere' })
  expect(body).toMatchObject({ status: 404 })
  const other = await (await opened()).admin('POST', '/debug/send', { url: 'http://a.test/b' })
  expect(other.body).toMatchObject({ status: 404 })
})

it.each([
  [{}, 'Missing member "url"'],
  [{ url: '/a', colour: 'red' }, 'Unknown member "colour"'],
  [{ url: '/a', method: 7 }, 'Give member "method" a text'],
  [{ url: '/a', method: 'A B' }, 'Cannot read method "A B"'],
  [{ url: '/a', headers: ['x'] }, 'Write headers={"Name": "value"}'],
  [{ url: '/a b' }, 'Cannot read url "/a b": write http://host/path, or /path'],
  [{ url: '/a', headers: { 'x-a': 'a\r\nb' } }, 'Cannot read header "x-a: a\r\nb"'],
])('refuses %j', async (order, message) => {
  const { admin, transport } = await opened()
  expect(await admin('POST', '/debug/send', order)).toMatchObject({
    status: 400,
    body: { message },
  })
  expect(transport.sent).toEqual([])
})

it('is closed to whoever lacks the token, and to pages of other sites', async () => {
  const locked = await opened('secret')
  expect((await locked.admin('POST', '/debug/send', { url: '/a' })).status).toBe(401)
  const { gateway } = await opened()
  const headers = { origin: 'http://evil.test', host: 'localhost:8001' }
  const request = new Request('http://localhost:8001/debug/send', { method: 'POST', headers })
  expect((await gateway.admin(request)).status).toBe(403)
})
