import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from '../runtimes/binaries.ts'
import { EVALUATORS, evaluate } from '../runtimes/evaluate.ts'
import { type RedisServer, startRedis, TLS_NAME, whyNoRedis } from './redis-server.ts'

/** Does what there is to do, prints what came, and leaves its connections open. */
function program({ options, tlsPort, ca }: RedisServer): string {
  return `
    const { createNodeSockets } = await import('${ROOT}adapters/sockets/sockets.ts')
    const { createRedisPool } = await import('${ROOT}src/pdk/redis/pool.ts')
    const pool = createRedisPool(createNodeSockets(), { ca: [${JSON.stringify(ca)}] })
    const options = ${JSON.stringify(options)}
    const code = (work) => work.then(() => 'nothing', (error) => error.code)
    const secure = { ...options, port: ${tlsPort}, ssl: true }
    const plain = pool.client({ ...options, username: 'gibbon', password: 'secret', database: 1 })
    const shown = [
      await plain.eval("return redis.call('INCR', KEYS[1])", ['own:n']),
      await plain.pipeline([['INCR', 'own:n'], ['LPUSH', 'own:n', 1]]),
      (await Promise.all(Array.from({ length: 200 }, () => plain.command('INCR', 'own:n')))).at(-1),
      await pool.client({ ...secure, ssl_verify: true, server_name: '${TLS_NAME}' }).command('PING'),
      await pool.client(secure).command('PING'),
      await code(pool.client({ ...secure, ssl_verify: true }).command('PING')) !== 'nothing',
      await code(pool.client({ ...options, port: 1 }).command('PING')),
      await code(pool.client({ ...options, timeout: 100 }).command('BLPOP', 'none', 0)),
      await code(pool.client({ ...options, password: 'wrong' }).command('PING')),
    ]
    console.log(JSON.stringify(shown))
  `
}

describe.skipIf(whyNoRedis() !== undefined).each(EVALUATORS)('on %s', (name) => {
  let server: RedisServer
  beforeAll(async () => {
    server = await startRedis()
  })
  afterAll(() => server?.close())

  it('Redis works, by TCP and TLS, and keeps no process from its end', async () => {
    const { printed, code } = await evaluate(name, program(server))
    const wrongType = 'WRONGTYPE Operation against a key holding the wrong kind of value'
    expect(printed).toEqual([
      1,
      [2, { error: wrongType }],
      202,
      'PONG',
      'PONG',
      true,
      'ECONNREFUSED',
      'ETIMEDOUT',
      'WRONGPASS',
    ])
    expect(code).toBe(0)
  })
})
