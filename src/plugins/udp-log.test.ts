import { expect, it } from 'vitest'
import { fakeSockets, REFUSED } from '../../test/logs/fake-outlets.ts'
import { openLogging } from '../../test/logs/open-logging.ts'

const plugins = [{ name: 'udp-log', config: { host: 'collector', port: 514 } }]

it('sends a datagram of JSON for each request', async () => {
  const { ask, sockets } = await openLogging({ plugins })
  await ask('/a')
  await ask('/b')
  expect(sockets.datagrams.map(({ to }) => to)).toEqual(['collector:514', 'collector:514'])
  const uris = sockets.datagrams.map(({ text }) => JSON.parse(text).request.uri)
  expect(uris).toEqual(['/a', '/b'])
})

it('answers, and tells of what was lost now and then', async () => {
  const { ask, sockets, runtime, settle } = await openLogging({ plugins })
  sockets.broken = REFUSED
  for (let i = 0; i < 3; i++) expect((await ask('/')).status).toBe(200)
  await settle()
  runtime.time += 10_000
  await ask('/')
  await settle()
  const said = 'error: Cannot send to collector:514'
  expect(runtime.lines.filter((line) => line === said)).toHaveLength(2)
})

it('is refused without UDP', async () => {
  const sockets = fakeSockets({ udp: false })
  const error = await openLogging({ plugins, outlets: { sockets } }).catch((one) => one)
  expect(JSON.stringify(error.fields)).toContain('there is no UDP on this runtime')
})
