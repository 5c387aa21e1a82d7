import { createServer, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createSystemResolver } from '../../adapters/dns/system-resolver.ts'
import { createMemoryKV } from '../../adapters/memory/kv.ts'
import { createMemoryStore } from '../../adapters/memory/store.ts'
import { createSocketTransport } from '../../adapters/node-http/transport.ts'
import { createNodeSockets } from '../../adapters/sockets/sockets.ts'
import { createGateway, type Gateway } from '../../src/gateway.ts'
import { fakeRuntime, settingsWith } from '../proxy/fakes.ts'
import { type FakeServer, openFakeServer } from './fake-server.ts'

let dns: FakeServer
let target: Server
let port: number
let gateway: Gateway

beforeEach(async () => {
  dns = await openFakeServer()
  target = createServer((request, response) => response.end(`${request.headers.host}`))
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve))
  port = (target.address() as AddressInfo).port // listening on TCP, as above
  const runtime = fakeRuntime()
  gateway = await createGateway({
    store: createMemoryStore(),
    kv: createMemoryKV(runtime),
    transport: createSocketTransport(),
    sockets: createNodeSockets(),
    runtime,
    settings: settingsWith(),
    resolver: createSystemResolver({
      servers: [{ host: dns.host, port: dns.port }],
      hostsFile: '/dev/null',
      resolvConf: '/dev/null',
    }),
  })
})
afterEach(async () => {
  await gateway.close()
  target.close()
  await dns.close()
})

const config = (service: string, targets: string) => `
_format_version: "3.0"
services:
- { name: s, url: "${service}", routes: [ { name: r, paths: [ / ] } ] }
upstreams:
- { name: u, targets: [ ${targets} ] }
`

async function get(): Promise<string> {
  const response = await gateway.proxy(new Request('http://localhost:8000/'))
  return `${response.status} ${(await response.text()).trim()}`
}

it('connects to the address of a service, under its name', async () => {
  dns.set('shop.example', 'A', [{ type: 'A', value: '127.0.0.1' }])
  await gateway.applyConfig(config(`http://shop.example:${port}`, ''))
  expect(await get()).toBe(`200 shop.example:${port}`)
  expect(await get()).toBe(`200 shop.example:${port}`)
  expect(dns.asked.map(({ type }) => type)).toEqual(['SRV', 'A'])
})

it('goes by the SRV records of a target in the very first request', async () => {
  dns.set('shop.example', 'SRV', [{ type: 'SRV', value: 'one.example', port }])
  dns.set('one.example', 'A', [{ type: 'A', value: '127.0.0.1' }])
  await gateway.applyConfig(config('http://u', '{ target: "shop.example:1" }'))
  expect(await get()).toBe(`200 shop.example:${port}`)
})

it('tells a service that does not exist from one that cannot be asked for', async () => {
  await gateway.applyConfig(config('http://none.example', ''))
  expect(await get()).toContain('name resolution failed')
  dns.otherwise({ code: 2 })
  await gateway.applyConfig(config('http://sick.example', ''))
  expect(await get()).toMatch(
    /^500 .*failed the initial dns\/balancer resolve for 'sick\.example' with: dns server error: 2 server failure/s,
  )
})

it.each([
  {
    name: 'rate-limiting',
    config: { minute: 5, policy: 'redis', redis: { host: 'out.example', port: 9 } },
    says: 'EVALSHA',
  },
  { name: 'tcp-log', config: { host: 'out.example', port: 9 }, says: '"client_ip"' },
  {
    name: 'http-log',
    config: { http_endpoint: 'http://out.example:9/logs' },
    says: 'Host: out.example:9\r\n',
  },
])('finds where $name connects to', async ({ name, config: own, says }) => {
  let heard = (_bytes: string): void => {}
  const said = new Promise<string>((resolve) => {
    heard = resolve
  })
  const outlet = createTcpServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', (bytes) => {
      heard(bytes.toString())
      socket.destroy()
    })
  })
  await new Promise<void>((resolve) => outlet.listen(0, '127.0.0.1', resolve))
  // Proof: it listens on TCP.
  const { port: outletPort } = outlet.address() as AddressInfo
  dns.set('out.example', 'SRV', [{ type: 'SRV', value: 'host.example', port: outletPort }])
  dns.set('host.example', 'A', [{ type: 'A', value: '127.0.0.1' }])
  dns.set('shop.example', 'A', [{ type: 'A', value: '127.0.0.1' }])
  const plugins = JSON.stringify([{ name, config: own }])
  await gateway.applyConfig(`${config(`http://shop.example:${port}`, '')}plugins: ${plugins}\n`)
  expect(await get()).toMatch(/^200 /)
  expect(await said).toContain(says)
  outlet.close()
})
