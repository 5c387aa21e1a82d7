import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { parseDocument } from '../../src/declarative/parse.ts'
import { readDeclarative } from '../../src/declarative/read.ts'
import { allEntities } from '../entities.ts'

const newId = () => crypto.randomUUID()
const options = { entities: allEntities, context: { now: 1795212381759, newId, secret: () => '' } }

describe.each(['1.1', '3.0'])('the guide’s file of format %s', (version) => {
  it('loads whole', async () => {
    const file = new URL(`guide-${version}.yaml`, import.meta.url)
    const { rows } = await readDeclarative(parseDocument(await readFile(file, 'utf8')), options)
    const { services, routes, upstreams, targets, consumers, plugins, keyauth_credentials } = rows

    expect(upstreams).toMatchObject([{ name: 'example_upstream', algorithm: 'round-robin' }])
    expect(targets).toMatchObject([
      { target: 'localhost:9001', weight: 100, upstream: { id: upstreams?.[0]?.id } },
      { target: 'localhost:9002', weight: 100, upstream: { id: upstreams?.[0]?.id } },
    ])
    expect(services).toMatchObject([{ name: 'example_service', host: 'example_upstream' }])
    expect(routes).toMatchObject([
      { name: 'mocking', paths: ['/mock'], strip_path: true, service: { id: services?.[0]?.id } },
    ])
    expect(consumers).toMatchObject([{ username: 'consumer', custom_id: 'consumer' }])
    expect(keyauth_credentials).toMatchObject([
      { key: 'apikey', consumer: { id: consumers?.[0]?.id } },
    ])
    expect(plugins).toMatchObject([
      { name: 'key-auth', enabled: false, route: { id: routes?.[0]?.id } },
      { name: 'rate-limiting', config: { minute: 5, policy: 'local', hour: null } },
      { name: 'proxy-cache', config: { strategy: 'memory', cache_ttl: 30 } },
    ])
  })
})
