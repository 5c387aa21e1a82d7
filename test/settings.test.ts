import { describe, expect, it } from 'vitest'
import { makeSelfSigned } from '../src/lib/self-signed.ts'
import { type MemoryOptions, openMemory } from './open-memory.ts'
import { clientRequest, fakeRuntime, textOf, valuesOf } from './proxy/fakes.ts'

const NODE = '11111111-2222-3333-4444-555555555555'

async function open(settings: MemoryOptions['settings'], more: MemoryOptions = {}) {
  const { gateway, transport, admin } = await openMemory({ settings, ...more })
  const seen = async (path: string) => (await admin(`GET ${path}`)).body
  return { gateway, transport, seen }
}

describe('port_maps', () => {
  const portMaps = new Map([[8000, 80]])

  it.each([
    { port: 8000, told: '80' },
    { port: 8080, told: '8080' },
  ])('tells upstreams $told of port $port', async ({ port, told }) => {
    const { gateway, transport } = await open({ portMaps })
    await gateway.applyConfig({
      _format_version: '3.0',
      services: [{ name: 's', url: 'http://a.test', routes: [{ name: 'r', paths: ['/'] }] }],
    })
    await gateway.handle(clientRequest({ localPort: port }))
    const [sent] = transport.sent
    expect(valuesOf(sent?.headers ?? [], 'x-forwarded-port')).toEqual([told])
  })

  it('routes by the port that clients see, streams too', async () => {
    const { gateway } = await open({ portMaps, routerFlavor: 'expressions' })
    const routes = [{ name: 'r', expression: 'net.dst.port == 80' }]
    const streams = [{ name: 't', protocols: ['tcp'], expression: 'net.dst.port == 80' }]
    await gateway.applyConfig({
      _format_version: '3.0',
      services: [
        { name: 's', url: 'http://a.test', routes },
        { name: 't', protocol: 'tcp', host: 'a.test', port: 1, routes: streams },
      ],
    })
    const statuses = [8000, 8080].map((localPort) => gateway.handle(clientRequest({ localPort })))
    expect((await Promise.all(statuses)).map(({ status }) => status)).toEqual([200, 404])
    const planFor = (port: number) => {
      const source = { ip: '10.0.0.1', port: 1 }
      return gateway.stream({ protocol: 'tcp', source, destination: { ip: '10.0.0.2', port } })
    }
    expect([planFor(8000) === undefined, planFor(8080) === undefined]).toEqual([false, true])
  })
})

describe('client_ssl', () => {
  const shown = { id: 'client_ssl', cert: 'C', key: 'K' }
  const own = { id: NODE, cert: 'CERT', key: 'KEY' }

  it.each([
    { of: 'a name', host: 'a.test', expected: 'client_ssl' },
    { of: 'an upstream', host: 'up', expected: 'client_ssl' },
    { of: 'an upstream with a certificate of its own', host: 'own', expected: own.id },
  ])('is shown to a service of $of', async ({ host, expected }) => {
    const { gateway, transport } = await open({}, { clientCertificate: shown })
    const { cert, key } = await makeSelfSigned('localhost', Date.now())
    const targets = [{ target: '10.1.1.1:443' }]
    await gateway.applyConfig({
      _format_version: '3.0',
      certificates: [{ id: own.id, cert, key }],
      services: [{ name: 's', url: `https://${host}`, routes: [{ name: 'r', paths: ['/'] }] }],
      upstreams: [
        { name: 'up', targets },
        { name: 'own', targets, client_certificate: { id: own.id } },
      ],
    })
    await gateway.handle(clientRequest())
    expect(transport.sent[0]?.tls?.clientCertificate?.id).toBe(expected)
  })
})

describe('node_id', () => {
  it('is what the node goes by', async () => {
    const { seen } = await open({ nodeId: NODE })
    expect(await seen('/')).toMatchObject({ node_id: NODE, pids: { master: 0, workers: [] } })
  })
})

it('tells of its processes and their memory', async () => {
  const processes = () => ({ main: 7, serving: [{ pid: 8, heap: 3 * 2 ** 20 }] })
  const { seen } = await open({}, { runtime: { ...fakeRuntime(), processes } })
  expect(await seen('/')).toMatchObject({ pids: { master: 7, workers: [8] } })
  const vms = (http_allocated_gc: unknown) => [{ http_allocated_gc, pid: 8 }]
  expect(await seen('/status')).toHaveProperty('memory.workers_lua_vms', vms('3.00 MiB'))
  expect(await seen('/status?unit=b')).toHaveProperty('memory.workers_lua_vms', vms(3 * 2 ** 20))
})

it.each([
  ['text/plain', 'no Route matched with those values'],
  ['text/html', 'oops no Route matched with those values'],
])('says errors of %s in the words of its template', async (accept, start) => {
  const { gateway } = await open({ errorTemplates: { html: ['oops ', ''] } })
  const { body } = await gateway.handle(clientRequest({ headers: ['Accept', accept] }))
  expect((await textOf(body)).startsWith(start)).toBe(true)
})
