import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allPlugins } from '../../src/plugins/all.ts'
import { createDeck } from '../deck/client.ts'
import { fileOf } from '../deck/files.ts'
import { pluginConfigs } from '../deck/plugin-configs.ts'
import { type RunningGateway, startGateway } from '../runtimes/start.ts'
import { ask, json } from './client.ts'
import { RUNTIMES } from './runtimes.ts'

/** What a runtime refuses, for it has no such thing; documented with each plugin. */
const REFUSED: Readonly<Partial<Record<string, readonly string[]>>> = {
  workerd: [
    ...['datadog', 'file-log', 'loggly', 'statsd', 'syslog', 'udp-log'],
    ...['pre-function', 'post-function'],
  ],
}

describe.each(RUNTIMES)('decK on %s', (runtime) => {
  const refused = REFUSED[runtime] ?? []
  const plugins = allPlugins
    .filter(({ name }) => !refused.includes(name))
    .map(({ name }) => ({ name, config: pluginConfigs[name] }))
  let gateway: RunningGateway

  beforeAll(async () => {
    gateway = await startGateway(runtime, { settings: { untrusted_lua: 'sandbox' } })
  }, 60_000)
  afterAll(() => gateway?.stop())

  const deck = () =>
    createDeck(async (method, path, body) => {
      const options = body === undefined ? { method } : json(body, method)
      const got = await ask(`${gateway.adminUrl}${path}`, options)
      return { status: got.status, body: got.body === '' ? undefined : JSON.parse(got.body) }
    })

  it('syncs every plugin, everywhere it may stand, and then finds no difference', async () => {
    const below = plugins.filter(({ name }) => name !== 'acme')
    const isForConsumers = ({ name }: { readonly name: string }) =>
      allPlugins.find((one) => one.name === name)?.unscoped?.includes('consumer') !== true
    const routes = [{ name: 'r', paths: ['/r'], plugins: below }]
    const file = fileOf({
      plugins,
      services: [{ name: 's', host: 'h.test', plugins: below, routes }],
      consumers: [{ username: 'mia', plugins: below.filter(isForConsumers) }],
    })
    const made = await deck().sync(file)
    expect(made.filter(({ table }) => table === 'plugins').length).toBeGreaterThan(100)
    expect(await deck().diff(file)).toEqual([])
  })

  it.each(refused)('refuses %s, and says why', async (name) => {
    const plugin = json({ name, config: pluginConfigs[name] })
    const got = await ask(`${gateway.adminUrl}/plugins`, plugin)
    expect(got.status).toBe(400)
    expect(JSON.parse(got.body)).toMatchObject({ code: 2, name: 'schema violation' })
    expect(got.body).toMatch(/UDP|files|syslog|system log|Lua/)
  })
})
