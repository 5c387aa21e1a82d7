import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createSystemResolver } from '../../adapters/dns/system-resolver.ts'
import { createMemoryKV } from '../../adapters/memory/kv.ts'
import { createMemoryStore } from '../../adapters/memory/store.ts'
import { createSocketTransport } from '../../adapters/node-http/transport.ts'
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
