import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type RunningGateway, startGateway } from '../runtimes/start.ts'
import { ask, form, type Got, json, until } from './client.ts'
import { RUNTIMES } from './runtimes.ts'
import { startTarget, type Target } from './target.ts'

describe.each(RUNTIMES)('when a target fails on %s', (runtime) => {
  let gateway: RunningGateway
  let a: Target
  let b: Target
  let upstreams = 0
  let name = ''

  beforeAll(async () => {
    ;[a, b] = await Promise.all([startTarget('a'), startTarget('b')])
    gateway = await startGateway(runtime, {})
  }, 60_000)
  afterAll(async () => {
    await Promise.all([gateway?.stop(), a.close(), b.close()])
  })
  beforeEach(() => {
    a.manner = 'ok'
    b.manner = 'ok'
    a.seen.length = 0
    b.seen.length = 0
  })

  const admin = (path: string, options = {}) => ask(`${gateway.adminUrl}${path}`, options)
  const get = (options = {}): Promise<Got> => ask(`${gateway.proxyUrl}/${name}/x`, options)
  const health = async (): Promise<string> => {
    const { data } = JSON.parse((await admin(`/upstreams/${name}/health`)).body)
    return data
      .map(
        (row: { target: string; health: string }) =>
          `${row.target.endsWith(`:${a.port}`) ? 'a' : 'b'} ${row.health}`,
      )
      .sort()
      .join(', ')
  }

  async function setUp(healthchecks: unknown, service: object = {}): Promise<void> {
    name = `u${upstreams++}`
    const answers = [
      await admin('/upstreams', json({ name, healthchecks })),
      await admin(`/upstreams/${name}/targets`, json({ target: `localhost:${a.port}` })),
      await admin(`/upstreams/${name}/targets`, json({ target: `localhost:${b.port}` })),
      await admin('/services', json({ name, host: name, ...service })),
      await admin(`/services/${name}/routes`, json({ paths: [`/${name}`] })),
    ]
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201])
  }

  it('serves every GET from the other one when its port is closed, and comes back', async () => {
    await setUp({})
    await a.close()
    const statuses: number[] = []
    for (let turn = 0; turn < 30; turn++) statuses.push((await get()).status)
    await a.open()
    expect(statuses.filter((status) => status !== 200)).toEqual([])
    const back = await until(get, (got) => got.headers['x-target'] === 'a')
    expect(back.headers['x-target']).toBe('a')
  }, 30_000)

  it('serves every GET from the other one when it resets connections', async () => {
    await setUp({})
    a.manner = 'reset'
    const statuses: number[] = []
    for (let turn = 0; turn < 20; turn++) statuses.push((await get()).status)
    expect(statuses.filter((status) => status !== 200)).toEqual([])
  }, 30_000)

  it('serves every GET from the other one when it hangs', async () => {
    await setUp({}, { read_timeout: 300 })
    a.manner = 'hang'
    const answers = await Promise.all(Array.from({ length: 8 }, () => get()))
    expect(answers.filter(({ status }) => status !== 200)).toEqual([])
  }, 30_000)

  // A Worker's fetch cannot tell a refused connection from a lost one: docs/runtimes.md.
  it.skipIf(runtime === 'workerd')(
    'retries a POST that was never sent (workerd: its fetch cannot tell)',
    async () => {
      await setUp({})
      await a.close()
      const statuses: number[] = []
      for (let turn = 0; turn < 10; turn++) statuses.push((await get(form('n=1'))).status)
      await a.open()
      expect(statuses.filter((status) => status !== 200)).toEqual([])
      expect(b.seen.length).toBe(10)
    },
    30_000,
  )

  it('never delivers a POST twice', async () => {
    await setUp({})
    a.manner = 'reset'
    const answers: Got[] = []
    for (let turn = 0; turn < 6; turn++) answers.push(await get(form('n=1')))
    expect(answers.filter(({ status }) => status === 200).length).toBe(b.seen.length)
    expect(answers.some(({ status }) => status === 502)).toBe(true)
  }, 30_000)

  it('ejects a target after passive failures, until it is set healthy by hand', async () => {
    await setUp({ passive: { unhealthy: { http_failures: 3 } } })
    a.manner = 500
    for (let turn = 0; turn < 12; turn++) await get()
    expect(await health()).toBe('a UNHEALTHY, b HEALTHY')
    const names = new Set<unknown>()
    for (let turn = 0; turn < 6; turn++) names.add((await get()).headers['x-target'])
    expect([...names]).toEqual(['b'])

    a.manner = 'ok'
    const put = await admin(`/upstreams/${name}/targets/localhost:${a.port}/healthy`, {
      method: 'PUT',
    })
    expect(put.status).toBe(204)
    const back = await until(get, (got) => got.headers['x-target'] === 'a', 2000)
    expect(back.headers['x-target']).toBe('a')
  }, 30_000)

  it('notices by active checks, both ways', async () => {
    await setUp({
      active: {
        http_path: '/probe',
        healthy: { interval: 0.2, successes: 1 },
        unhealthy: { interval: 0.2, http_failures: 1, tcp_failures: 1, timeouts: 1 },
      },
    })
    a.manner = 500
    const look = async (): Promise<Got> => ({ ...(await admin('/status')), body: await health() })
    expect((await until(look, ({ body }) => body.startsWith('a UNHEALTHY'))).body).toBe(
      'a UNHEALTHY, b HEALTHY',
    )
    a.manner = 'ok'
    expect((await until(look, ({ body }) => body.startsWith('a HEALTHY'))).body).toBe(
      'a HEALTHY, b HEALTHY',
    )
  }, 30_000)

  it("answers 503 in Kong's words when no target is left", async () => {
    await setUp({})
    await admin(
      `/upstreams/${name}`,
      json({ healthchecks: { passive: { unhealthy: { tcp_failures: 1 } } } }, 'PATCH'),
    )
    for (const { port } of [a, b]) {
      await admin(`/upstreams/${name}/targets/localhost:${port}/unhealthy`, { method: 'PUT' })
    }
    const got = await until(get, ({ status }) => status === 503, 2000)
    expect(got.status).toBe(503)
    expect(JSON.parse(got.body).message).toBe('failure to get a peer from the ring-balancer')
  }, 30_000)

  it('fails no request while weights change and targets come and go', async () => {
    await setUp({})
    let stop = false
    const statuses: number[] = []
    const client = async (): Promise<void> => {
      while (!stop) statuses.push((await get()).status)
    }
    const clients = [client(), client(), client()]
    for (let turn = 0; turn < 8; turn++) {
      await admin(
        `/upstreams/${name}/targets/localhost:${a.port}`,
        json({ weight: turn * 10 }, 'PATCH'),
      )
      await admin(`/upstreams/${name}/targets`, json({ target: `127.0.0.1:${b.port}` }))
      await admin(`/upstreams/${name}/targets/127.0.0.1:${b.port}`, { method: 'DELETE' })
    }
    stop = true
    await Promise.all(clients)
    expect(statuses.filter((status) => status !== 200)).toEqual([])
    expect(statuses.length).toBeGreaterThan(5)
  }, 30_000)
})
