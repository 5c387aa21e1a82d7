import { expect, it } from 'vitest'
import type { Explanation } from '../../src/proxy/explain.ts'
import { readSettings } from '../../src/settings/read.ts'
import { openMemory } from '../open-memory.ts'
import { clientRequest, incoming, textOf } from './fakes.ts'

/** A gateway as someone starts it with these settings. */
async function open(values: Record<string, string>) {
  const chosen = new Map(Object.entries({ database: 'memory', ...values }))
  const read = readSettings([chosen])
  if (!read.ok) throw new Error(read.errors.join())
  const { trustedIps: _, ...settings } = read.settings
  const { gateway, admin } = await openMemory({
    settings,
    upstream: ({ target }) => incoming({ body: target }),
  })
  const service = async (path: string, route: object) => {
    const name = path.slice(1)
    await admin('POST /services', { name, host: 'h', path })
    const made = await admin(`POST /services/${name}/routes`, { name, ...route })
    expect(made.status).toBe(201)
  }
  await service('/by-host', { hosts: ['a.com'], strip_path: false })
  await service('/by-kinds', { methods: ['GET'], paths: ['/x'] })
  const request = clientRequest({ target: '/x', host: 'a.com', headers: ['X-A', '1'] })
  const winner = async () => textOf((await gateway.handle(request)).body)
  return { admin, service, winner }
}

it.each([
  [{}, '/by-kinds', 'more kinds of conditions: 2 against 1'],
  [{ route_match_calculation: 'strict' }, '/by-kinds', 'more kinds of conditions: 2 against 1'],
  [{ route_match_calculation: 'original' }, '/by-host/x', 'hosts without a wildcard: 1 against 0'],
  [
    { route_match_calculation: 'original', router_flavor: 'expressions' },
    '/by-host/x',
    'hosts without a wildcard: 1 against 0',
  ],
])('chooses, with %j, %s, and says why', async (values, won, why) => {
  const { admin, winner } = await open(values)
  expect(await winner()).toBe(won)
  const url = encodeURIComponent('http://a.com/x')
  const told = (await admin(`GET /debug/explain?url=${url}`)).body as Explanation
  expect(told.candidates[1]?.reason).toBe(`the winner has ${why}`)
})

it('leaves traditional as it is', async () => {
  const values = { route_match_calculation: 'original', router_flavor: 'traditional' }
  expect(await (await open(values)).winner()).toBe('/by-kinds')
})

it('weighs routes that come later by it too, and shows the setting', async () => {
  const { admin, service, winner } = await open({ route_match_calculation: 'original' })
  expect(await winner()).toBe('/by-host/x')
  const headers = { 'x-a': ['1'] }
  await service('/four', { hosts: ['*.com'], methods: ['GET'], paths: ['/'], headers })
  expect(await winner()).toBe('/four/x')
  expect((await admin('GET /')).body).toMatchObject({
    configuration: { route_match_calculation: 'original' },
  })
})
