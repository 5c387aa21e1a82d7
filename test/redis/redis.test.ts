import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createNodeSockets } from '../../adapters/sockets/sockets.ts'
import { createRedis, type OwnRedisClient } from '../../src/pdk/redis/create-redis.ts'
import type { RedisOptions } from '../../src/pdk/redis/redis-client.ts'
import type { Sockets } from '../../src/ports/sockets.ts'
import { type RedisServer, startRedis, TLS_NAME, whyNoRedis } from './redis-server.ts'

const missing = whyNoRedis()
if (missing !== undefined) console.warn(`test/redis is skipped: ${missing}`)

describe.skipIf(missing !== undefined)('a real Redis', () => {
  let server: RedisServer
  let sockets: Sockets
  let redis: OwnRedisClient
  let opened = 0
  const others: OwnRedisClient[] = []
  beforeAll(async () => {
    server = await startRedis()
    const own = createNodeSockets()
    const connect: Sockets['connect'] = (place) => {
      opened++
      return own.connect(place)
    }
    sockets = { ...own, connect }
  })
  afterAll(async () => {
    await sockets?.close()
    await server?.close()
  })
  beforeEach(async () => {
    opened = 0
    redis = createRedis(sockets, server.options)
    await redis.command('FLUSHALL')
    others.push(redis)
  })
  afterEach(() => {
    for (const other of others.splice(0)) other.close()
  })
  const another = (options: Partial<RedisOptions>, settings = {}): OwnRedisClient => {
    const other = createRedis(sockets, { ...server.options, ...options }, settings)
    others.push(other)
    return other
  }

  it('keeps texts, numbers and bytes', async () => {
    expect(await redis.command('SET', 'é', 'wört \r\n')).toBe('OK')
    expect(await redis.command('GET', 'é')).toBe('wört \r\n')
    expect(await redis.command('GET', 'none')).toBeNull()
    expect(await redis.command('INCRBY', 'n', 2 ** 53 - 1)).toBe(2 ** 53 - 1)
    expect(await redis.command('INCR', 'n')).toBe(2n ** 53n)
    const bytes = another({}, { limits: { bytes: true } })
    await bytes.command('SET', 'b', Uint8Array.of(0, 255, 13, 10))
    expect(await bytes.command('GET', 'b')).toEqual(Uint8Array.of(0, 255, 13, 10))
  })

  it('counts a thousand additions that were sent at once, in order', async () => {
    const all = Array.from({ length: 1000 }, () => redis.command('INCR', 'n'))
    expect(await Promise.all(all)).toEqual(Array.from({ length: 1000 }, (_, i) => i + 1))
    expect(opened).toBe(1)
  })

  it('runs a pipeline and a transaction', async () => {
    expect(
      await redis.pipeline([
        ['SET', 'a', 'x'],
        ['INCR', 'a'],
        ['STRLEN', 'a'],
      ]),
    ).toEqual(['OK', { error: 'ERR value is not an integer or out of range' }, 1])
    expect(
      await redis.pipeline([['MULTI'], ['INCR', 'n'], ['LRANGE', 'l', 0, 1], ['EXEC']]),
    ).toEqual(['OK', 'QUEUED', 'QUEUED', [1, []]])
  })

  it('runs a script whether Redis knows it or not', async () => {
    const script = `return {KEYS[1], tonumber(ARGV[1]) + redis.call('INCR', KEYS[1]), false}`
    expect(await redis.eval(script, ['own:k'], [40])).toEqual(['own:k', 41, null])
    expect(await redis.eval(script, ['own:k'], [40])).toEqual(['own:k', 42, null])
    await redis.command('SCRIPT', 'FLUSH')
    expect(await redis.eval(script, ['own:k'], [40])).toEqual(['own:k', 43, null])
    await expect(redis.eval('return nonsense(', [])).rejects.toMatchObject({ code: 'ERR' })
  })

  it('logs in as a user, who may do what a user may', async () => {
    const user = another({ username: 'gibbon', password: 'secret' })
    expect(await user.command('ACL', 'WHOAMI')).toBe('gibbon')
    await expect(user.command('FLUSHALL')).rejects.toMatchObject({ code: 'NOPERM', refused: true })
    await expect(user.command('GET', 'other')).rejects.toMatchObject({ code: 'NOPERM' })
  })

  it.each<{ options: Partial<RedisOptions>; code: string }>([
    { options: { password: 'wrong' }, code: 'WRONGPASS' },
    { options: { username: 'nobody', password: 'secret' }, code: 'WRONGPASS' },
    { options: { password: null }, code: 'NOAUTH' },
    { options: { database: 99 }, code: 'ERR' },
    { options: { port: 1 }, code: 'ECONNREFUSED' },
  ])('says $code for $options', async ({ options, code }) => {
    await expect(another(options).command('PING')).rejects.toMatchObject({
      name: 'RedisError',
      code,
    })
  })

  it('keeps databases apart', async () => {
    const second = another({ database: 1 })
    await second.command('SET', 'a', 'second')
    expect(await redis.command('GET', 'a')).toBeNull()
    expect(await second.command('GET', 'a')).toBe('second')
  })

  it.each<{ options: Partial<RedisOptions>; trusted: boolean; works: boolean }>([
    { options: { ssl_verify: true, server_name: TLS_NAME }, trusted: true, works: true },
    { options: { ssl_verify: true, server_name: TLS_NAME }, trusted: false, works: false },
    { options: { ssl_verify: true, server_name: 'other.test' }, trusted: true, works: false },
    { options: { ssl_verify: true }, trusted: true, works: false },
    { options: { ssl_verify: false }, trusted: false, works: true },
  ])('over TLS with $options, trusted: $trusted', async ({ options, trusted, works }) => {
    const ca = trusted ? [server.ca] : undefined
    const client = another({ ...options, port: server.tlsPort, ssl: true }, { ca })
    if (works) expect(await client.command('PING')).toBe('PONG')
    else await expect(client.command('PING')).rejects.toMatchObject({ refused: false })
  })

  it('waits no longer than it may, and goes on', async () => {
    const hasty = another({ timeout: 100 })
    await expect(hasty.command('BLPOP', 'none', 0)).rejects.toMatchObject({ code: 'ETIMEDOUT' })
    expect(await hasty.command('PING')).toBe('PONG')
  })

  it('takes large values, and none that is too large', async () => {
    const text = 'é'.repeat(500_000)
    await redis.command('SET', 'large', text)
    expect(await redis.command('GET', 'large')).toBe(text)
    const modest = another({}, { limits: { maxBytes: 1000 } })
    await expect(modest.command('GET', 'large')).rejects.toMatchObject({ code: 'PROTOCOL' })
    expect(await modest.command('STRLEN', 'large')).toBe(1_000_000)
  })

  it('finds a Redis that was away', async () => {
    await redis.command('SET', 'a', 'x')
    await server.stop()
    await expect(redis.command('PING')).rejects.toMatchObject({ refused: false })
    await server.start()
    for (;;) {
      const reply = await redis.command('PING').catch(() => undefined)
      if (reply === 'PONG') break
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    expect(await redis.command('GET', 'a')).toBeNull()
  })
})
