import { expect, it } from 'vitest'
import { failure, incoming } from '../proxy/fakes.ts'
import { openWhole } from './gate.ts'

const KONG = /^kong-(route|service)-/

async function opened(allowDebugHeader = true) {
  const whole = await openWhole(({ host }) => (host === 'down.test' ? failure() : incoming()), {
    allowDebugHeader,
  })
  const { admin } = whole
  await admin('POST', '/services', { name: 's', host: 'up.test' })
  await admin('POST', '/services/s/routes', { name: 'r', paths: ['/up'] })
  await admin('POST', '/services', { host: 'down.test', retries: 0 })
  const { body: down } = await admin('GET', '/services?size=10')
  const id = (down.data as { id: string; name: string | null }[]).find(({ name }) => !name)?.id
  await admin('POST', `/services/${id}/routes`, { paths: ['/down'] })
  await admin('POST', '/routes', { name: 'bare', paths: ['/bare'] })
  return async (path: string, headers: Record<string, string>) => {
    const answer = await whole.get(path, headers)
    const names = [...answer.headers.keys()].filter((name) => KONG.test(name)).sort()
    return { status: answer.status, names, route: answer.headers.get('kong-route-name') }
  }
}

const ROUTE = ['kong-route-id', 'kong-route-name']
const SERVICE = ['kong-service-id', 'kong-service-name']

it.each([
  ['/up', 200, [...ROUTE, ...SERVICE]],
  ['/down', 502, ['kong-route-id', 'kong-service-id']],
  ['/bare', 503, ROUTE],
  ['/nowhere', 404, []],
])('names route and service for Kong-Debug, as soon as they are found: %s', async (...row) => {
  const [path, status, names] = row
  const ask = await opened()
  for (const says of ['1', '0', '']) {
    expect(await ask(path, { 'Kong-Debug': says })).toMatchObject({ status, names })
  }
})

it('names nobody who was not asked for, or where it is not allowed', async () => {
  expect((await (await opened())('/up', {})).names).toEqual([])
  expect((await (await opened(false))('/up', { 'Kong-Debug': '1' })).names).toEqual([])
})
