import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RUNTIMES } from '../blackbox/runtimes.ts'
import { type OwnWorker, startWorker } from '../runtimes/start-worker.ts'
import { type RedisServer, startRedis, whyNoRedis } from './redis-server.ts'
import type { Asked } from './worker.ts'

const runs = whyNoRedis() === undefined && RUNTIMES.includes('workerd')

describe.skipIf(!runs)('Redis on workerd', () => {
  let server: RedisServer
  let worker: OwnWorker

  beforeAll(async () => {
    server = await startRedis()
    worker = await startWorker(new URL('worker.ts', import.meta.url))
  }, 60_000)
  afterAll(async () => {
    await worker?.stop()
    await server?.close()
  })
  const ask = async (asked: Partial<Asked>): Promise<unknown> => {
    const body = JSON.stringify({ redis: server.options, ...asked })
    return (await fetch(worker.url, { method: 'POST', body })).json()
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
