import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RUNTIMES } from '../blackbox/runtimes.ts'
import { freePorts } from '../runtimes/start.ts'
import { type RedisServer, startRedis, whyNoRedis } from './redis-server.ts'
import type { Asked } from './worker.ts'

/** What is used of the project's scripts, which have no types of their own. */
interface Scripts {
  bundleOf(input: string): Promise<string>
  findWorkerd(): string | undefined
  workerdConfig(parts: object): string
}

const runs = whyNoRedis() === undefined && RUNTIMES.includes('workerd')

describe.skipIf(!runs)('Redis on workerd', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gibbon-redis-worker-'))
  let server: RedisServer
  let url = ''
  let stop = async (): Promise<void> => {}

  beforeAll(async () => {
    server = await startRedis()
    const [proxy, admin] = (await freePorts()).map((port) => `127.0.0.1:${port}`)
    const { bundleOf, findWorkerd, workerdConfig } = await scripts()
    mkdirSync(join(folder, 'state'))
    const code = await bundleOf(fileURLToPath(new URL('worker.ts', import.meta.url)))
    writeFileSync(join(folder, 'worker.js'), code)
    const config = join(folder, 'config.capnp')
    const state = join(folder, 'state')
    writeFileSync(config, workerdConfig({ proxy, admin, state, bindings: {} }))
    const child = spawn(findWorkerd() ?? 'workerd', ['serve', config], { stdio: 'inherit' })
    stop = () =>
      new Promise((resolve) => {
        child.once('close', () => resolve())
        child.kill('SIGKILL')
      })
    url = `http://${proxy}/`
    for (let turn = 0; turn < 400; turn++) {
      if (await isReady(`http://${admin}/`)) return
      await new Promise((done) => setTimeout(done, 25))
    }
    throw new Error('workerd does not answer')
  }, 60_000)
  afterAll(async () => {
    await stop()
    await server?.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const ask = async (asked: Partial<Asked>): Promise<unknown> => {
    const body = JSON.stringify({ redis: server.options, ...asked })
    return (await fetch(url, { method: 'POST', body })).json()
  }

  it('answers many requests at once, each over a connection of its own', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => ask({ commands: [['INCR', 'n']] })),
    )
    const counts = answers.map((answer) => JSON.stringify(answer))
    expect(counts.sort()).toEqual(
      Array.from({ length: 20 }, (_, i) => `{"result":[${i + 1}]}`).sort(),
    )
    // Each is closed when its request is done; Redis may be told a little later.
    let info = ''
    while (!info.includes('connected_clients:1\\r\\n')) {
      info = JSON.stringify(await ask({ commands: [['INFO', 'clients']] }))
    }
  })

  it('runs scripts, logs in and selects', async () => {
    const redis = { ...server.options, database: 3 }
    const script = `return redis.call('INCR', KEYS[1])`
    expect(await ask({ redis, script })).toEqual({ result: 1 })
    expect(await ask({ redis, script })).toEqual({ result: 2 })
  })

  it.each([
    { options: { password: 'wrong' }, code: 'WRONGPASS' },
    { options: { port: 1 }, code: 'ECONNREFUSED' },
    { options: { ssl: true }, code: 'UNSUPPORTED' },
    { options: { ssl: true, ssl_verify: true, server_name: 'a.test' }, code: 'UNSUPPORTED' },
  ])('says $code for $options', async ({ options, code }) => {
    const redis = { ...server.options, ...options }
    expect(await ask({ redis, commands: [['PING']] })).toMatchObject({ code })
  })

  it('speaks TLS with none whose certificate nobody vouches for', async () => {
    const redis = { ...server.options, port: server.tlsPort, ssl: true, ssl_verify: true }
    const answer = await ask({ redis, commands: [['PING']] })
    expect(answer).toMatchObject({ code: expect.stringMatching(/^E/) })
  })

  it('waits no longer than it may', async () => {
    const redis = { ...server.options, timeout: 200 }
    const commands: Asked['commands'] = [['BLPOP', 'none', 0]]
    expect(await ask({ redis, commands })).toMatchObject({ code: 'ETIMEDOUT' })
    expect(await ask({ redis, commands: [['PING']] })).toEqual({ result: ['PONG'] })
  })
})

async function scripts(): Promise<Scripts> {
  const paths = ['build-worker', 'workerd-config'].map(
    (name) => new URL(`../../scripts/${name}.mjs`, import.meta.url).href,
  )
  return Object.assign({}, ...(await Promise.all(paths.map((path) => import(path)))))
}

function isReady(at: string): Promise<boolean> {
  return fetch(at).then(
    ({ ok }) => ok,
    () => false,
  )
}
