import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { platform } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePorts } from '../runtimes/ports.ts'
import { type RunningGateway, startGateway } from '../runtimes/start.ts'
import { connectTo, type RawClient, requestText } from '../wire/raw-client.ts'
import { openBalanced } from './balanced.ts'
import { ask, until } from './client.ts'
import { RUNTIMES } from './runtimes.ts'
import { startTarget, type Target } from './target.ts'

// A process can be given fewer files while it runs on Linux alone; on a Worker the platform listens.
const runtimes = RUNTIMES.filter((name) => name !== 'workerd' && platform() === 'linux')

/** Longer than it takes any listener to notice that there are no files left. */
const LACK = 1000

describe.each(runtimes)('files that run out on %s', (runtime) => {
  let gateway: RunningGateway
  let target: Target
  let streamPort = 0
  const clients: RawClient[] = []

  beforeAll(async () => {
    ;[streamPort] = await freePorts()
    const settings = { stream_listen: `127.0.0.1:${streamPort}` }
    target = await startTarget('a')
    gateway = await startGateway(runtime, { settings })
  })
  afterAll(async () => {
    leave()
    await Promise.all([gateway?.stop(), target?.close()])
  })

  function leave(): void {
    for (const client of clients.splice(0)) client.leave()
  }
  async function connect(port: number): Promise<RawClient> {
    const client = await connectTo(port)
    clients.push(client)
    return client
  }
  const files = () => readdirSync(`/proc/${gateway.pid}/fd`).length
  const allow = (limit: number): void => {
    execFileSync('prlimit', ['--pid', `${gateway.pid}`, `--nofile=${limit}:`])
  }

  /** Gives the gateway no more files than its clients, who stay, take at once; the first of them. */
  async function runOut(): Promise<RawClient> {
    const limit = files() + 20
    allow(limit)
    const first = await connect(gateway.proxyPort)
    for (let i = 0; i < 60; i++) await connect(gateway.proxyPort)
    const held = async () => files()
    expect(await until(held, (now) => now >= limit - 1)).toBeGreaterThan(limit - 3)
    return first
  }

  it('leave every listener open for those who come later', async () => {
    await runOut()
    for (const port of [gateway.adminPort, streamPort]) await connect(port)
    await new Promise((resolve) => setTimeout(resolve, LACK))
    leave()

    expect(await answered(gateway.proxyUrl)).toBe(404)
    expect(await answered(`${gateway.adminUrl}/services`)).toBe(200)
    // Without a route a stream is closed as soon as it is taken.
    const { socket } = await connect(streamPort)
    const closed = async () => socket.closed
    expect(await until(closed, (is) => is)).toBe(true)
  })

  it('are no fault of a target', async () => {
    const healthchecks = { passive: { unhealthy: { tcp_failures: 1 } } }
    const balanced = await openBalanced(gateway, { targets: [target], upstream: { healthchecks } })
    const first = await runOut()
    // None at all: one that is free for a moment, as when Deno opens its listeners anew, would do.
    allow(0)
    first.write(requestText(`GET /${balanced.name}/`, 'a'))
    expect((await first.answer()).status).toBe(502)
    await new Promise((resolve) => setTimeout(resolve, LACK))
    // Enough for all who waited to be let in as well, who are gone by then.
    allow(files() + 200)
    leave()

    expect(await answered(balanced.url)).toBe(200)
    expect(await balanced.health()).toEqual(['HEALTHY'])
  })
})

/** The status, as soon as there is one. */
function answered(url: string): Promise<number | string> {
  const status = () => ask(url, { patience: 1000 }).then((got) => got.status, String)
  return until<number | string>(status, (got) => typeof got === 'number')
}
