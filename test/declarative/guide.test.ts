import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { parseDocument } from '../../src/declarative/parse.ts'
import { readDeclarative } from '../../src/declarative/read.ts'
import { allEntities } from '../../src/entities/all.ts'
import { isObject } from '../../src/schema/field.ts'

const newId = () => 'a0000000-0000-4000-8000-000000000001'
const options = { entities: allEntities, context: { now: 1795212381759, newId, secret: () => '' } }

describe.each(['1.1', '3.0'])('the guide’s file of format %s', (version) => {
  const open = async () =>
    parseDocument(await readFile(new URL(`guide-${version}.yaml`, import.meta.url), 'utf8'))

  it('is refused with each thing that is not there yet by name', async () => {
    const document = await open()
    expect(() => readDeclarative(document, options)).toThrow(
      'declarative config is invalid: ' +
        '{consumers="consumers are not supported yet: consumer (with keyauth_credentials)",' +
        'plugins="plugins are not supported yet: rate-limiting, proxy-cache",' +
        'services={{routes={{plugins="plugins are not supported yet: key-auth"}}}}}',
    )
  })

  it('loads but for these', async () => {
    const { consumers, plugins, ...document } = Object(await open())
    for (const { routes } of document.services) for (const route of routes) delete route.plugins

    const { services, routes, upstreams, targets } = readDeclarative(document, options)
    expect(isObject(document)).toBe(true)
    expect(upstreams).toMatchObject([{ name: 'example_upstream', algorithm: 'round-robin' }])
    expect(targets).toMatchObject([
      { target: 'localhost:9001', weight: 100, upstream: { id: upstreams?.[0]?.id } },
      { target: 'localhost:9002', weight: 100, upstream: { id: upstreams?.[0]?.id } },
    ])
    expect(services).toMatchObject([{ name: 'example_service', host: 'example_upstream' }])
    expect(routes).toMatchObject([
      { name: 'mocking', paths: ['/mock'], strip_path: true, service: { id: services?.[0]?.id } },
    ])
  })
})
