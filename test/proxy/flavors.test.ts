import { expect, it } from 'vitest'
import type { RouterFlavor } from '../../src/lib/router-flavor.ts'
import { openMemory } from '../open-memory.ts'
import { clientRequest, incoming, textOf } from './fakes.ts'

async function open(routerFlavor: RouterFlavor) {
  const { gateway, admin } = await openMemory({
    settings: { routerFlavor },
    upstream: ({ target }) => incoming({ body: target }),
  })
  const post = (path: string, body: unknown) => admin(`POST ${path}`, body)
  const get = async (target: string) => {
    const answer = await gateway.handle(clientRequest({ target }))
    return `${answer.status} ${await textOf(answer.body)}`
  }
  await post('/services', { name: 's', host: 'h', path: '/api' })
  return { post, get }
}

it('routes by expressions, the query among what they see', async () => {
  const { post, get } = await open('expressions')
  const expression = 'http.path ^= "/u" && http.queries.v == "2"'
  expect((await post('/services/s/routes', { expression, priority: 3 })).status).toBe(201)
  expect((await post('/services/s/routes', { expression: 'http.foo == ""' })).status).toBe(400)
  expect(await get('/u/x?v=2')).toBe('200 /api/x?v=2')
  expect(await get('/u/x?v=1')).toMatch(/^404 /)
})

it.each([
  { flavor: 'traditional', answer: '200 /apisers' },
  { flavor: 'traditional_compatible', answer: '200 /api/sers' },
] as const)('makes $answer of a v1 route in $flavor', async ({ flavor, answer }) => {
  const { post, get } = await open(flavor)
  await post('/services/s/routes', { paths: ['/u'], path_handling: 'v1' })
  expect(await get('/users')).toBe(answer)
})

it('looks around in traditional', async () => {
  const { post, get } = await open('traditional')
  const route = { paths: ['~/(?!admin)\\w+'], strip_path: false }
  expect((await post('/services/s/routes', route)).status).toBe(201)
  expect(await get('/users')).toBe('200 /api/users')
  expect(await get('/admin')).toMatch(/^404 /)
})

it('routes expressions by the address and port a trusted peer tells', async () => {
  const { gateway, admin } = await openMemory({
    settings: {
      routerFlavor: 'expressions',
      trust: ['10.0.0.0/8'],
      realIpHeader: 'x-forwarded-for',
    },
    upstream: () => incoming({}),
  })
  await admin('POST /services', { name: 's', host: 'h' })
  const expression = 'net.src.ip in 192.0.2.0/24 || net.src.port == 99'
  expect((await admin('POST /services/s/routes', { expression })).status).toBe(201)
  const statusOf = async (ip: string, said: string) => {
    const request = clientRequest({ target: '/', headers: ['X-Forwarded-For', said] })
    return (await gateway.handle({ ...request, ip, port: 99 })).status
  }
  expect(await statusOf('10.0.0.9', '192.0.2.1')).toBe(200)
  expect(await statusOf('10.0.0.9', '198.51.100.1:99')).toBe(200)
  expect(await statusOf('10.0.0.9', '[2001:db8::1]:99')).toBe(200)
  // Nobody said which port of the client's it is.
  expect(await statusOf('10.0.0.9', '198.51.100.1')).toBe(404)
  expect(await statusOf('10.0.0.9', 'nobody')).toBe(200)
  expect(await statusOf('203.0.113.1', '198.51.100.1')).toBe(200)
})
