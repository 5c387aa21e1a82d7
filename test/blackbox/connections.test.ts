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
    const expected: Record<string, number> = { active: 3, reading: 1, writing: 1, waiting: 1 }
    const grown = async () => growth(before, await counts())
    // One that was answered may take a moment to be closed by its client.
    const stands = (now: Record<string, number>) =>
      Object.entries(expected).every(([name, count]) => now[name] === count)
    const after = await until(grown, stands)
    // Each look at them was a connection too.
    expect(after.handled).toBe(after.accepted)
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
