import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePorts } from '../runtimes/ports.ts'
import { type RunningGateway, startGateway } from '../runtimes/start.ts'
import { ask, json, until } from './client.ts'
import { RUNTIMES } from './runtimes.ts'
import { startTarget, type Target } from './target.ts'

// On workerd the platform makes as many isolates as it likes.
describe.each(RUNTIMES.filter((name) => name !== 'workerd'))('two workers on %s', (runtime) => {
  let gateway: RunningGateway
  let a: Target
  let b: Target
  let statusPort: number

  beforeAll(async () => {
    ;[a, b] = await Promise.all([startTarget('a'), startTarget('b')])
    ;[statusPort] = await freePorts()
    const settings = { workers: '2', status_listen: `127.0.0.1:${statusPort}` }
    gateway = await startGateway(runtime, { settings })
    await admin('/services', json({ name: 's', url: `http://127.0.0.1:${a.port}` }))
    await admin('/services/s/routes', json({ name: 'r', paths: ['/s'] }))
  }, 60_000)
  afterAll(async () => {
    await Promise.all([gateway?.stop(), a.close(), b.close()])
  })

  const admin = (path: string, options = {}) => ask(`${gateway.adminUrl}${path}`, options)
  const proxied = () => ask(`${gateway.proxyUrl}/s`)
  /** As many answers, each on a connection of its own: both workers give some. */
  const statuses = async (look: () => Promise<{ status: number }>, count = 30) =>
    new Set((await Promise.all(Array.from({ length: count }, look))).map(({ status }) => status))

  it('serve from both what was written to one, and read it back from both at once', async () => {
    expect(childrenOf(gateway.pid)).toHaveLength(2)
    for (let turn = 0; turn < 5; turn++) {
      const name = `read-${turn}`
      expect((await admin('/upstreams', json({ name }))).status).toBe(201)
      expect(await statuses(() => admin(`/upstreams/${name}`))).toEqual(new Set([200]))
      const refused = await statuses(() => admin('/upstreams', json({ name })), 10)
      expect(refused).toEqual(new Set([409]))
    }
    await admin('/services/s', json({ port: b.port }, 'PATCH'))
    await until(proxied, ({ headers }) => headers['x-target'] === 'b')
    await admin('/services/s', json({ port: a.port }, 'PATCH'))
    const served = new Set<unknown>()
    await until(
      async () => {
        served.clear()
        const answers = await Promise.all(Array.from({ length: 30 }, proxied))
        for (const { headers } of answers) served.add(headers['x-target'])
        return answers[0] as Awaited<ReturnType<typeof proxied>> // Proof: there are 30.
      },
      () => served.size === 1 && served.has('a'),
    )
    expect([...served]).toEqual(['a'])
  }, 30_000)

  it('take each other’s word on health, and are one node', async () => {
    await admin('/upstreams', json({ name: 'u', healthchecks: PASSIVE }))
    const target = `127.0.0.1:${a.port}`
    await admin('/upstreams/u/targets', json({ target }))
    await admin(`/upstreams/u/targets/${target}/unhealthy`, { method: 'PUT' })
    const seen = new Set<string>()
    await until(
      async () => {
        const answers = await Promise.all(
          Array.from({ length: 20 }, () => admin('/upstreams/u/health')),
        )
        seen.clear()
        for (const { body } of answers) seen.add(JSON.parse(body).data[0]?.health)
        return answers[0] as Awaited<ReturnType<typeof proxied>> // Proof: there are 20.
      },
      () => seen.size === 1 && seen.has('UNHEALTHY'),
    )
    expect([...seen]).toEqual(['UNHEALTHY'])
    const nodes = await Promise.all(Array.from({ length: 20 }, () => admin('/')))
    expect(new Set(nodes.map(({ body }) => JSON.parse(body).node_id)).size).toBe(1)
  }, 30_000)

  it('count together what a client may', async () => {
    await admin('/services/s/routes', json({ name: 'limited', paths: ['/limited'] }))
    const limits = { name: 'rate-limiting', config: { year: 200, policy: 'local' } }
    expect((await admin('/routes/limited/plugins', json(limits))).status).toBe(201)
    const limited = () => ask(`${gateway.proxyUrl}/limited`)
    const left = ({ headers }: Awaited<ReturnType<typeof limited>>) =>
      headers['x-ratelimit-remaining-year']
    // Once both know of it, each answer tells what is left.
    await until(
      () => Promise.all(Array.from({ length: 20 }, limited)),
      (answers) => answers.every((answer) => left(answer) !== undefined),
    )
    const remaining = Number(left(await limited()))
    const answers = await Promise.all(Array.from({ length: remaining + 40 }, limited))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(remaining)
  }, 30_000)

  it('are drained both at once', async () => {
    const ready = (options = {}) => ask(`http://127.0.0.1:${statusPort}/status/ready`, options)
    expect(await statuses(ready)).toEqual(new Set([200]))
    expect((await ready(json({ status: 'draining' }))).status).toBe(204)
    expect(await statuses(ready)).toEqual(new Set([503]))
  }, 30_000)

  it('lose no more than what a killed one was at, and are two again', async () => {
    const before = childrenOf(gateway.pid)
    const LANES = 6
    let failed = 0
    let running = true
    const lane = async () => {
      while (running) {
        const status = await proxied().then(
          (got) => got.status,
          () => 0,
        )
        if (status !== 200) failed++
      }
    }
    const lanes = Array.from({ length: LANES }, lane)
    for (let turn = 0; turn < 20; turn++) await proxied()
    const [first = 0] = before
    process.kill(first, 'SIGKILL')
    const both = () => childrenOf(gateway.pid).filter((pid) => pid !== first).length === 2
    // What the killed one had accepted goes with it, this asker's request too.
    await until(() => proxied().catch(() => undefined), both)
    for (let turn = 0; turn < 50; turn++) expect((await proxied()).status).toBe(200)
    running = false
    await Promise.all(lanes)
    expect(both()).toBe(true)
    // Each lane has one request under way.
    expect(failed).toBeLessThanOrEqual(LANES)
    expect(gateway.stderr()).toContain('starting it again')
    expect(await statuses(proxied)).toEqual(new Set([200]))
    // The one that took the killed one's place knows, too.
    const ready = () => ask(`http://127.0.0.1:${statusPort}/status/ready`)
    expect(await statuses(ready)).toEqual(new Set([503]))
  }, 60_000)

  it('finish what is under way when they are told to end, and leave nobody behind', async () => {
    let arrived = 0
    let all: () => void = () => {}
    const underWay = new Promise<void>((resolve) => {
      all = resolve
    })
    a.manner = (_, response) => {
      if (++arrived === 8) all()
      void underWay.then(() => setTimeout(() => response.end('finished'), 300))
    }
    const workers = childrenOf(gateway.pid)
    const answers = Array.from({ length: 8 }, proxied)
    await underWay
    await gateway.stop()
    expect((await Promise.all(answers)).map(({ body }) => body)).toEqual(Array(8).fill('finished'))
    expect(workers.filter(isAlive)).toEqual([])
  }, 30_000)
})

const PASSIVE = { passive: { unhealthy: { http_failures: 3 } } }

function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
  return text === '' ? [] : text.split(' ').map(Number)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
