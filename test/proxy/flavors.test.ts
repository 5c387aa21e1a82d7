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
