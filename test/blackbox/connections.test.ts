import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningGateway, startGateway } from '../runtimes/start.ts'
import { connectTo, type RawClient, requestText } from '../wire/raw-client.ts'
import { ask, json, until } from './client.ts'
import { RUNTIMES } from './runtimes.ts'
import { startTarget, type Target } from './target.ts'

// On a Worker the platform listens.
const runtimes = RUNTIMES.filter((runtime) => runtime !== 'workerd')

describe.each(runtimes)('connections on %s', (runtime) => {
  let gateway: RunningGateway
  let target: Target
  const clients: RawClient[] = []

  beforeAll(async () => {
    target = await startTarget('a')
    gateway = await startGateway(runtime, { settings: { router_flavor: 'expressions' } })
  })
  afterAll(async () => {
    for (const client of clients) client.leave()
    await Promise.all([gateway?.stop(), target?.close()])
  })

  async function connect(text: string): Promise<RawClient> {
    const client = await connectTo(gateway.proxyPort)
    clients.push(client)
    client.write(text)
    return client
  }
  /** As `/status` tells them; the connection that asks is among those written to. */
  async function counts(): Promise<Record<string, number>> {
    return JSON.parse((await ask(`${gateway.adminUrl}/status`)).body).server
  }

  it('are counted by what they are at, for /status and /metrics', async () => {
    const admin = (path: string, body: object) => ask(`${gateway.adminUrl}${path}`, json(body))
    const url = `http://127.0.0.1:${target.port}`
    const expression = 'http.path ^= "/" && net.dst.ip == 127.0.0.1'
    expect((await admin('/services', { name: 's', url })).status).toBe(201)
    expect((await admin('/services/s/routes', { expression })).status).toBe(201)
    const before = await counts()
    const quick = await connect(requestText('GET /', 'a'))
    expect((await quick.answer()).status).toBe(200)
    target.manner = 'hang'
    await connect(requestText('GET /', 'a'))
    await connect('GET / HT')
    // Bun tells nothing of bytes that are no whole head yet.
    const reading = runtime === 'bun' ? 0 : 1
    const expected = {
      accepted: 3,
      handled: 3,
      active: 3,
      reading,
      writing: 1,
      waiting: 2 - reading,
    }
    const grown = async () => growth(before, await counts())
    const after = await until(grown, (now) => now.writing === 1 && now.reading === reading)
    // Each look at them was a connection too.
    expect(after).toMatchObject({ ...expected, accepted: after.accepted, handled: after.accepted })
    expect(after.accepted).toBeGreaterThanOrEqual(3)
    const metrics = (await ask(`${gateway.adminUrl}/metrics`)).body
    expect(metrics).toMatch(
      /^kong_nginx_connections_total\{node_id="[^"]+",subsystem="http",state="writing"\} 2$/m,
    )
  })
})

/** How many more there are of each. */
function growth(before: Record<string, number>, now: Record<string, number>) {
  const names = ['accepted', 'handled', 'active', 'reading', 'writing', 'waiting']
  return Object.fromEntries(
    names.map((name) => {
      const key = `connections_${name}`
      return [name, (now[key] ?? 0) - (before[key] ?? 0)]
    }),
  )
}
