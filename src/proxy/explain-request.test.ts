import { expect, it } from 'vitest'
import { requestAsked } from './explain-request.ts'

const asked = (url: string, headers: string[] = []) => {
  const request = requestAsked({ method: 'GET', url, headers })
  if (typeof request === 'string') throw new Error(request)
  const { target, scheme, localPort, sni, httpVersion } = request
  return { target, scheme, localPort, sni, httpVersion, headers: request.headers }
}

it.each([
  ['http://a.test/x?y=1', { target: '/x?y=1', localPort: 80, headers: ['Host', 'a.test'] }],
  ['http://a.test:8000', { target: '/', localPort: 8000, headers: ['Host', 'a.test:8000'] }],
  ['http://a.test?y', { target: '/?y' }],
  ['http://a.test/a/../b#c', { target: '/a/../b' }],
  ['https://a.test/', { scheme: 'https', localPort: 443, sni: 'a.test' }],
  ['https://[::1]:8443/', { localPort: 8443, sni: undefined }],
  ['https://10.0.0.1/', { sni: undefined }],
  ['/x', { target: '/x', headers: [], httpVersion: '1.0' }],
  ['http://a.test/ü', { target: '/\u00c3\u00bc' }],
])('reads %s', (url, parts) => {
  expect(asked(url)).toMatchObject(parts)
})

it('lets a Host header speak for the authority, and takes gRPC for HTTP/2', () => {
  expect(asked('https://a.test/', ['host', 'b.test'])).toMatchObject({
    headers: ['host', 'b.test'],
    sni: 'b.test',
  })
  const grpc = ['Content-Type', 'application/grpc+proto']
  expect(asked('http://a.test/', grpc).httpVersion).toBe('2')
})

it.each([
  [{ url: '' }, 'url ""'],
  [{ url: 'x' }, 'url "x"'],
  [{ url: 'ftp://a.test/' }, 'url'],
  [{ url: 'http:///x' }, 'url'],
  [{ url: 'http://a.test/a b' }, 'url'],
  [{ url: 'http://a.test/\r\nX: y' }, 'url'],
  [{ method: 'G T' }, 'method "G T"'],
  [{ method: '' }, 'method'],
  [{ headers: ['X Y', 'z'] }, 'header "X Y: z"'],
  [{ headers: ['X', 'a\r\nY: b'] }, 'header'],
  [{ ip: 'localhost' }, 'ip "localhost"'],
])('refuses %j', (given, words) => {
  const question = { method: 'GET', url: 'http://a.test/', headers: [], ...given }
  expect(requestAsked(question)).toContain(`Cannot read ${words}`)
})
