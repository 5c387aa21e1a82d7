import { describe, expect, it } from 'vitest'
import { failure, incoming } from '../../test/proxy/fakes.ts'
import type { Failure, Incoming, Outgoing, Sender } from '../ports/transport.ts'
import { namedTransport } from './named-transport.ts'
import type { Resolution } from './names.ts'

const CALL: Outgoing = {
  scheme: 'https',
  host: 'logs.test',
  port: 443,
  method: 'POST',
  target: '/',
  headers: ['Host', 'logs.test'],
  body: new Uint8Array(1),
  connectTimeout: 1,
  writeTimeout: 1,
  readTimeout: 1,
  tls: { serverName: 'logs.test', verify: true },
  upgrade: false,
  fresh: false,
}

/** A transport beside a DNS that knows names in `.test`. */
function setUp(resolution: Resolution, answers: readonly (Incoming | Failure)[] = []) {
  const sent: Outgoing[] = []
  const plain: Sender = {
    // Proof: nothing here asks what it can.
    caps: {} as Sender['caps'],
    send: async (outgoing) => {
      sent.push(outgoing)
      return answers[sent.length - 1] ?? incoming()
    },
  }
  const { send } = namedTransport(plain, {
    isLiteral: (host) => !host.endsWith('.test'),
    resolve: async () => resolution,
  })
  return { send, places: () => sent.map(({ host, port }) => `${host}:${port}`), sent }
}

const found = (...addresses: readonly { ip: string; port?: number }[]): Resolution => ({
  ok: true,
  addresses,
})
const TWO = found({ ip: '10.0.0.1' }, { ip: '10.0.0.2' })

describe('a call', () => {
  it('goes to the addresses of its name in turn, and keeps the name', async () => {
    const { send, places, sent } = setUp(TWO)
    for (let i = 0; i < 3; i++) expect(await send(CALL)).toMatchObject({ ok: true })
    expect(places()).toEqual(['10.0.0.1:443', '10.0.0.2:443', '10.0.0.1:443'])
    expect([sent[0]?.tls, sent[0]?.headers]).toEqual([CALL.tls, CALL.headers])
  })

  it('goes to the port an SRV record names', async () => {
    const { send, places } = setUp(found({ ip: '10.0.0.1', port: 7000 }))
    await send(CALL)
    expect(places()).toEqual(['10.0.0.1:7000'])
  })

  it.each([
    { why: 'refused', given: {}, count: 2 },
    { why: 'late', given: { timeout: true }, count: 1 },
    { why: 'the client has left', given: { byClient: true }, count: 1 },
    { why: 'lost when it was sent', given: { phase: 'send' }, count: 1 },
  ] as const)('is made $count times: $why', async ({ given, count }) => {
    const { send, places } = setUp(TWO, [failure(given), failure(given)])
    expect(await send(CALL)).toMatchObject({ ok: false, ...given })
    expect(places()).toHaveLength(count)
  })

  it('whose body may be read once is made once', async () => {
    const { send, places } = setUp(TWO, [failure()])
    async function* body() {
      yield new Uint8Array(1)
    }
    expect(await send({ ...CALL, body: body() })).toMatchObject({ ok: false })
    expect(places()).toHaveLength(1)
  })

  it('fails where the name has no address', async () => {
    const { send, sent } = setUp({ ok: false, reason: 'nxdomain' })
    expect(await send(CALL)).toMatchObject({ ok: false, phase: 'dns', code: 'ENOTFOUND' })
    expect(sent).toEqual([])
  })

  it('to an address asks for no name', async () => {
    const { send, places } = setUp({ ok: false, reason: 'nxdomain' })
    await send({ ...CALL, host: '127.0.0.1' })
    expect(places()).toEqual(['127.0.0.1:443'])
  })

  it('by a proxy looks up the proxy alone', async () => {
    const { send, sent } = setUp(found({ ip: '10.0.0.1' }))
    await send({ ...CALL, proxy: { host: 'proxy.test', port: 3128, authorization: 'x' } })
    await send({ ...CALL, proxy: { host: '127.0.0.1', port: 3128 } })
    expect(sent.map(({ host, proxy }) => [host, proxy])).toEqual([
      ['logs.test', { host: '10.0.0.1', port: 3128, authorization: 'x' }],
      ['logs.test', { host: '127.0.0.1', port: 3128 }],
    ])
  })
})
