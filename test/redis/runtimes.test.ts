import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RUNTIMES } from '../blackbox/runtimes.ts'
import { type RedisServer, startRedis, TLS_NAME, whyNoRedis } from './redis-server.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const MODULES = join(ROOT, 'test', 'runtimes', 'node_modules')
const ARM = process.arch === 'arm64'
const BUN = `bun-${process.platform}-${ARM ? 'aarch64' : 'x64'}`
const DENO = `${process.platform}-${ARM ? 'arm64' : 'x64'}${process.platform === 'linux' ? '-glibc' : ''}`

/** How each evaluates a program; Node runs the same client in its own tests. */
const COMMANDS = {
  bun: [join(MODULES, '@oven', BUN, 'bin/bun'), '-e'],
  deno: [join(MODULES, '@deno', DENO, 'deno'), 'eval'],
} as const

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

const chosen = (['bun', 'deno'] as const).filter((name) => RUNTIMES.includes(name))

describe.skipIf(whyNoRedis() !== undefined).each(chosen)('on %s', (name) => {
  let server: RedisServer
  beforeAll(async () => {
    server = await startRedis()
  })
  afterAll(() => server?.close())

  it('Redis works, by TCP and TLS, and keeps no process from its end', async () => {
    const [command, flag] = COMMANDS[name]
    if (!existsSync(command)) throw new Error('Run `node test/runtimes/install.mjs` first')
    const { said, code } = await run(command, [flag, program(server)])
    const wrongType = 'WRONGTYPE Operation against a key holding the wrong kind of value'
    expect(JSON.parse(said.slice(said.indexOf('[')))).toEqual([
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

function run(command: string, words: readonly string[]): Promise<{ said: string; code: unknown }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
    let wrong = ''
    child.stderr.on('data', (chunk: Buffer) => {
      wrong += chunk.toString()
    })
    child.once('error', reject)
    child.once('close', (code) => {
      if (said === '') reject(new Error(`It said nothing but ${wrong}`))
      else resolve({ said, code })
    })
  })
}
