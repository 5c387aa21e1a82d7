import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningGateway, startGateway } from '../runtimes/start.ts'
import { ask, form, json } from './client.ts'
import { RUNTIMES } from './runtimes.ts'
import { startTarget, type Target } from './target.ts'

describe.each(RUNTIMES)("Kong's load-balancing guide on %s", (runtime) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'gibbon-guide-'))
  let gateway: RunningGateway
  let a: Target
  let b: Target

  beforeAll(async () => {
    ;[a, b] = await Promise.all([startTarget('a'), startTarget('b')])
    gateway = await startGateway(runtime, { dataDir })
  }, 60_000)
  afterAll(async () => {
    await Promise.all([gateway?.stop(), a.close(), b.close()])
    rmSync(dataDir, { recursive: true, force: true })
  })

  const admin = (path: string, options = {}) => ask(`${gateway.adminUrl}${path}`, options)
  const mock = async () => JSON.parse((await ask(`${gateway.proxyUrl}/mock/headers`)).body)

  it('carries out the guide with form bodies', async () => {
    const steps: readonly (readonly [string, string, string, number])[] = [
      ['POST', '/services', `name=example_service&url=http://localhost:${a.port}`, 201],
      ['POST', '/services/example_service/routes', 'paths[]=/mock&name=example_route', 201],
      ['POST', '/upstreams', 'name=example_upstream', 201],
      ['POST', '/upstreams/example_upstream/targets', `target=localhost:${a.port}`, 201],
      ['POST', '/upstreams/example_upstream/targets', `target=localhost:${b.port}`, 201],
      ['PATCH', '/services/example_service', 'host=example_upstream', 200],
    ]
    for (const [method, path, body, status] of steps) {
      const got = await admin(path, form(body, method))
      expect([path, got.status, got.body]).toEqual([path, status, got.body])
    }
  })

  it('alternates strictly, each target seeing its own name as Host', async () => {
    const hosts: string[] = []
    for (let turn = 0; turn < 10; turn++) hosts.push((await mock()).headers.host)
    const names = [`localhost:${a.port}`, `localhost:${b.port}`]
    const first = names.indexOf(hosts[0] ?? '')
    expect(hosts).toEqual(hosts.map((_, turn) => names[(first + turn) % 2]))
  })

  it('keeps every acknowledged entity through kill -9', async () => {
    const before = JSON.parse((await admin('/upstreams/example_upstream/targets')).body)
    await gateway.kill()
    gateway = await startGateway(runtime, { dataDir })
    const after = JSON.parse((await admin('/upstreams/example_upstream/targets')).body)
    expect(after).toEqual(before)
    expect((await mock()).target).toMatch(/^[ab]$/)
  }, 60_000)

  it('takes JSON bodies and ids as well', async () => {
    const service = JSON.parse(
      (await admin('/services', json({ name: 'by-id', host: 'pair' }))).body,
    )
    const upstream = JSON.parse((await admin('/upstreams', json({ name: 'pair' }))).body)
    for (const { port } of [a, b]) {
      const got = await admin(
        `/upstreams/${upstream.id}/targets`,
        json({ target: `127.0.0.1:${port}` }),
      )
      expect(got.status).toBe(201)
    }
    const route = json({ paths: ['/by-id'], service: { id: service.id } })
    expect((await admin('/routes', route)).status).toBe(201)
    const names = new Set<string>()
    for (let turn = 0; turn < 2; turn++) {
      names.add(JSON.parse((await ask(`${gateway.proxyUrl}/by-id`)).body).target)
    }
    expect([...names].sort()).toEqual(['a', 'b'])
  })
})
