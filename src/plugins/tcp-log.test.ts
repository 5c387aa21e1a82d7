import { expect, it } from 'vitest'
import { fakeSockets, REFUSED } from '../../test/logs/fake-outlets.ts'
import { openLogging } from '../../test/logs/open-logging.ts'

const plugins = (config: object = {}) => [
  { name: 'tcp-log', config: { host: 'collector', port: 9999, ...config } },
]

it('sends a line of JSON for each request, over one connection', async () => {
  const { ask, sockets, gateway, settle } = await openLogging({
    plugins: plugins({ timeout: 700 }),
  })
  await ask('/a')
  await settle()
  await ask('/b')
  await gateway.close()
  expect(sockets.opened).toHaveLength(1)
  const [{ host, port, tls, connectTimeout, written, closed } = fail()] = sockets.opened
  expect({ host, port, tls, connectTimeout, closed }).toEqual({
    host: 'collector',
    port: 9999,
    tls: undefined,
    connectTimeout: 700,
    closed: true,
  })
  expect(written.every((line) => line.endsWith('}\n'))).toBe(true)
  expect(written.map((line) => JSON.parse(line).request.uri)).toEqual(['/a', '/b'])
})

function fail(): never {
  throw new Error('nothing was opened')
}

it.each([
  { config: { tls: true }, tls: { serverName: 'collector', verify: false } },
  { config: { tls: true, tls_sni: 'logs' }, tls: { serverName: 'logs', verify: false } },
])(
  'speaks TLS as told, without a look at the certificate: $tls.serverName',
  async ({ config, tls }) => {
    const { ask, sockets, gateway } = await openLogging({ plugins: plugins(config) })
    await ask('/')
    await gateway.close()
    expect(sockets.opened[0]?.tls).toEqual(tls)
  },
)

it.each([
  { why: 'keepalive is 0', config: { keepalive: 0 }, caps: {} },
  { why: 'a connection cannot outlive its request', config: {}, caps: { pooled: false } },
])('opens a connection for each when $why', async ({ config, caps }) => {
  const sockets = fakeSockets(caps)
  const { ask, settle } = await openLogging({ plugins: plugins(config), outlets: { sockets } })
  for (const path of ['/', '/']) {
    await ask(path)
    await settle()
  }
  expect(sockets.opened.map(({ closed }) => closed)).toEqual([true, true])
})

it('opens anew what was closed', async () => {
  const { ask, sockets, settle } = await openLogging({ plugins: plugins() })
  await ask('/a')
  await settle()
  for (const one of sockets.opened) one.closed = true
  await ask('/b')
  await settle()
  expect(sockets.opened.map(({ written }) => written.length)).toEqual([1, 1])
})

const LOST =
  'error: could not send entries due to max_retry_time exceeded. 1 queue entries were lost'

it('answers while the server is away, tells of it, and does not send again', async () => {
  const { ask, sockets, runtime, settle } = await openLogging({ plugins: plugins() })
  sockets.broken = REFUSED
  expect((await ask('/lost')).status).toBe(200)
  await settle()
  expect(runtime.lines).toContain(LOST)
  sockets.broken = undefined
  await ask('/kept')
  await settle()
  const lines = sockets.opened.flatMap(({ written }) => written)
  expect(lines.map((line) => JSON.parse(line).request.uri)).toEqual(['/kept'])
})

it('is refused without sockets', async () => {
  const error = await openLogging({ plugins: plugins(), outlets: {} }).catch((one) => one)
  expect(JSON.stringify(error.fields)).toContain('there are no sockets on this runtime')
})
