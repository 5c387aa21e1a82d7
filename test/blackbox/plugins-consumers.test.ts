import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { basic, bearer } from '../plugins/rows-consumer.ts'
import type { Asked } from '../plugins/rows-row.ts'
import { type RunningGateway, startGateway } from '../runtimes/start.ts'
import { askRow } from './plugins-ask.ts'
import { RUNTIMES } from './runtimes.ts'
import { startTarget, type Target } from './target.ts'

const CONSUMERS = Array.from({ length: 24 }, (_, i) => `consumer-${i}`)
const TARGETS = ['a', 'b', 'c', 'd']

/** Ways in, each with how a consumer proves itself. */
const WAYS: readonly { readonly plugin: string; readonly as: (name: string) => Asked }[] = [
  { plugin: 'key-auth', as: (name) => ({ headers: { apikey: name } }) },
  { plugin: 'basic-auth', as: (name) => ({ headers: { authorization: basic(`${name}:x`) } }) },
  { plugin: 'jwt', as: (name) => ({ headers: { authorization: bearer({ iss: name }, 'x') } }) },
]

function configFor(targets: readonly Target[]): string {
  const routes = WAYS.map(({ plugin }) => ({
    name: plugin,
    paths: [`/${plugin}`],
    plugins: [{ name: plugin }],
  }))
  const upstream = {
    name: 'hashed',
    hash_on: 'consumer',
    targets: targets.map(({ port }) => ({ target: `127.0.0.1:${port}` })),
  }
  const consumers = CONSUMERS.map((username) => ({
    username,
    keyauth_credentials: [{ key: username }],
    basicauth_credentials: [{ username, password: 'x' }],
    jwt_secrets: [{ key: username, secret: 'x' }],
  }))
  return JSON.stringify({
    _format_version: '3.0',
    upstreams: [upstream],
    services: [{ name: 'hashed', host: 'hashed', routes }],
    consumers,
  })
}

describe.each(RUNTIMES)('hash_on consumer on %s', (runtime) => {
  let gateway: RunningGateway
  let targets: Target[] = []

  beforeAll(async () => {
    targets = await Promise.all(TARGETS.map(startTarget))
    const configText = configFor(targets)
    gateway = await startGateway(runtime, { configText })
  }, 60_000)
  afterAll(() => Promise.all([gateway?.stop(), ...targets.map((target) => target.close())]))

  const targetsOf = async (name: string): Promise<string[]> => {
    const asking = [1, 2, 3].flatMap(() =>
      WAYS.map(({ plugin, as }) => askRow(gateway.proxyPort, `/${plugin}`, as(name))),
    )
    return (await Promise.all(asking)).map(({ headers }) => `${headers['x-target']}`)
  }

  it('sends a consumer to one target, whichever way it came in', async () => {
    const homes = new Set<string>()
    for (const name of CONSUMERS) {
      const went = await targetsOf(name)
      expect(new Set(went)).toEqual(new Set([went[0]]))
      homes.add(went[0] ?? '')
    }
    // Which ones is up to the ports.
    expect(homes.size).toBeGreaterThan(1)
  })
})
