import { expect, it } from 'vitest'
import { definePlugin } from '../../src/pdk/plugin.ts'
import { openGateway } from '../plugins/open-gateway.ts'

const tell = definePlugin(
  { name: 'tell', priority: 1, config: { type: 'record', required: true, fields: {} } },
  () => ({
    access({ request, upstream }) {
      const names = request.queryArgs().map(([name]) => name)
      upstream.headers.set('X-Args', names.join())
      upstream.headers.set('X-Last', `${request.queryArg('d').length}`)
    },
  }),
)

it.each([
  { maxQueryArgs: 100, args: 'a,b,c,d', last: '1' },
  { maxQueryArgs: 4, args: 'a,b,c,d', last: '1' },
  { maxQueryArgs: 3, args: 'a,b,c', last: '0' },
  { maxQueryArgs: 1, args: 'a', last: '0' },
])(
  'shows plugins $maxQueryArgs arguments, and sends them all',
  async ({ args, last, ...settings }) => {
    const plugins_of_route = [{ name: 'tell' }]
    const rig = await openGateway({ plugins: [tell], plugins_of_route, settings })
    await rig.ask('/?a=1&b=2&c=3&d=4')
    const [sent] = rig.transport.sent
    expect(sent?.target).toBe('/?a=1&b=2&c=3&d=4')
    expect(sent?.headers).toEqual(expect.arrayContaining(['X-Args', args]))
    expect(sent?.headers).toEqual(expect.arrayContaining(['X-Last', last]))
  },
)

it('lets the expressions of routes see as many', async () => {
  const settings = { maxQueryArgs: 2, routerFlavor: 'expressions' } as const
  const rig = await openGateway({ settings, config: {} })
  const services = [
    { name: 's', host: 'h', routes: [{ name: 'r', expression: 'http.queries.q == "1"' }] },
  ]
  await rig.gateway.applyConfig({ _format_version: '3.0', services })
  expect((await rig.ask('/?a&q=1')).status).toBe(200)
  expect((await rig.ask('/?a&b&q=1')).status).toBe(404)
})
