import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createRedis } from './create-redis.ts'
import { createFakeRedis } from './fake-redis.fixture.ts'
import type { RedisCommand, RedisOptions } from './redis-client.ts'

const HOST = { host: 'redis.test' }
const now = (): number => performance.now()

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** Lets so many milliseconds go by. */
const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds)

const caught = (work: Promise<unknown>) =>
  work.then(
    () => 'nothing',
    ({ code }) => code,
  )

describe('connecting', () => {
  it.each<{ options: Partial<RedisOptions>; place: object; greeting: string[] }>([
    { options: {}, place: { host: 'redis.test', port: 6379, connectTimeout: 2000 }, greeting: [] },
    {
      options: { port: 7000, timeout: 50, database: 3, username: 'me', password: 'it' },
      place: { host: 'redis.test', port: 7000, connectTimeout: 50 },
      greeting: ['AUTH me it', 'SELECT 3'],
    },
    {
      options: { password: 'it', database: 0, username: null },
      place: { host: 'redis.test', port: 6379, connectTimeout: 2000 },
      greeting: ['AUTH it'],
    },
    {
      options: { username: 'me', password: '' },
      place: { host: 'redis.test', port: 6379, connectTimeout: 2000 },
      greeting: [],
    },
    {
      options: { ssl: true, server_name: 'name.test' },
      place: { tls: { serverName: 'name.test', verify: false } },
      greeting: [],
    },
    {
      options: { ssl: true, ssl_verify: true },
      place: { tls: { serverName: 'redis.test', verify: true, ca: ['CA'] } },
      greeting: [],
    },
  ])('with $options', async ({ options, place, greeting }) => {
    const fake = createFakeRedis()
    const redis = createRedis(fake.sockets, { ...HOST, ...options }, { now, ca: ['CA'] })
    expect(await redis.command('PING')).toBe('OK')
    expect(fake.places).toEqual([expect.objectContaining(place)])
    expect(fake.heard).toEqual([[...greeting, 'PING']])
  })

  it('sends nothing to a Redis that refuses the login, and says why', async () => {
    const fake = createFakeRedis()
    fake.react = ([name]) => (name === 'AUTH' ? '-WRONGPASS no\r\n' : '+OK\r\n')
    const redis = createRedis(fake.sockets, { ...HOST, password: 'x', database: 1 }, { now })
    await expect(redis.command('GET', 'a')).rejects.toMatchObject({
      name: 'RedisError',
      code: 'WRONGPASS',
      message: 'WRONGPASS no',
      refused: true,
    })
    expect(fake.heard).toEqual([['AUTH x', 'SELECT 1']])
    expect(fake.states).toEqual([expect.objectContaining({ open: false })])
  })

  it('rests after a failure, longer after the next, and forgets it after a success', async () => {
    const fake = createFakeRedis()
    const redis = createRedis(fake.sockets, HOST, { now, random: () => 1 })
    fake.refuse = 'ECONNREFUSED'
    const tries = async (): Promise<number> => {
      const { length } = fake.places
      expect(await caught(redis.command('PING'))).toBe('ECONNREFUSED')
      return fake.places.length - length
    }
    const seen: number[] = []
    for (const wait of [0, 49, 1, 99, 1, 199, 1]) {
      await pass(wait)
      seen.push(await tries())
    }
    expect(seen).toEqual([1, 0, 1, 0, 1, 0, 1])
    fake.refuse = undefined
    await pass(400)
    expect(await redis.command('PING')).toBe('OK')
    fake.hangUp()
    fake.refuse = 'ECONNREFUSED'
    expect(await tries()).toBe(1)
    await pass(50)
    expect(await tries()).toBe(1)
  })

  it('opens one connection for many at once, and keeps their order', async () => {
    const fake = createFakeRedis()
    const redis = createRedis(fake.sockets, { ...HOST, database: 2 }, { now })
    await Promise.all(['a', 'b', 'c'].map((key) => redis.command('GET', key)))
    expect(fake.heard).toEqual([['SELECT 2', 'GET a', 'GET b', 'GET c']])
  })

  it('uses a second connection while the first is busy, if there may be one', async () => {
    const fake = createFakeRedis()
    fake.react = ([name]) => (name === 'SLOW' ? undefined : '+OK\r\n')
    const redis = createRedis(fake.sockets, HOST, { now, connections: 2 })
    void redis.command('SLOW').catch(() => {})
    expect(await redis.command('FAST')).toBe('OK')
    expect(fake.heard).toEqual([['SLOW'], ['FAST']])
  })
})

describe('a command', () => {
  it('rejects when it is refused, and the connection stays', async () => {
    const fake = createFakeRedis()
    fake.react = ([name]) => (name === 'BAD' ? '-ERR unknown\r\n' : ':1\r\n')
    const redis = createRedis(fake.sockets, HOST, { now })
    await expect(redis.command('BAD')).rejects.toMatchObject({ code: 'ERR', refused: true })
    expect(await redis.command('INCR', 'a')).toBe(1)
    expect(fake.heard).toEqual([['BAD', 'INCR a']])
  })

  it('that is late takes its connection with it, since its reply may still come', async () => {
    const fake = createFakeRedis()
    fake.react = ([name]) => (name === 'SLOW' ? undefined : '+OK\r\n')
    const redis = createRedis(fake.sockets, { ...HOST, timeout: 100 }, { now })
    const slow = caught(redis.command('SLOW'))
    await pass(0)
    await pass(60)
    const behind = caught(redis.command('SLOW'))
    await pass(40)
    expect(await Promise.all([slow, behind])).toEqual(['ETIMEDOUT', 'ETIMEDOUT'])
    fake.say('+late\r\n')
    expect(await redis.command('PING')).toBe('OK')
    expect(fake.heard).toEqual([['SLOW', 'SLOW'], ['PING']])
  })

  it('is late by its own time, not by that of the one before', async () => {
    const fake = createFakeRedis()
    fake.react = () => undefined
    const redis = createRedis(fake.sockets, { ...HOST, timeout: 100 }, { now })
    const first = redis.command('A')
    await pass(60)
    let told: unknown
    void caught(redis.command('B')).then((code) => {
      told = code
    })
    await pass(10)
    fake.say('+OK\r\n')
    expect(await first).toBe('OK')
    await pass(60)
    expect(told).toBeUndefined()
    await pass(30)
    expect(told).toBe('ETIMEDOUT')
  })

  it('whose connection closes is rejected, and the next one gets another', async () => {
    const fake = createFakeRedis()
    fake.react = ([name]) => (name === 'DIE' ? 'close' : '+OK\r\n')
    const redis = createRedis(fake.sockets, HOST, { now })
    expect(await caught(redis.command('DIE'))).toBe('CLOSED')
    expect(await redis.command('PING')).toBe('OK')
    fake.hangUp()
    expect(await redis.command('PING')).toBe('OK')
    expect(fake.heard).toEqual([['DIE'], ['PING'], ['PING']])
  })

  it.each(['+OK\r\n+OK\r\n', 'HTTP/1.1 400 Bad Request\r\n', '$99999999\r\n'])(
    'leaves a connection that says %j',
    async (wire) => {
      const fake = createFakeRedis()
      const redis = createRedis(fake.sockets, HOST, { now })
      fake.react = () => wire
      await caught(redis.command('PING'))
      fake.react = () => '+fine\r\n'
      expect(await redis.command('PING')).toBe('fine')
      expect(fake.heard).toEqual([['PING'], ['PING']])
    },
  )

  it('is not confused by what RESP3 pushes', async () => {
    const fake = createFakeRedis()
    fake.react = () => '>1\r\n+news\r\n+OK\r\n'
    expect(await createRedis(fake.sockets, HOST, { now }).command('PING')).toBe('OK')
  })

  it.each<{ commands: RedisCommand[]; sent: boolean }>([
    { commands: [['subscribe', 'a']], sent: false },
    { commands: [['SELECT', 1]], sent: false },
    { commands: [['MULTI']], sent: false },
    { commands: [['MULTI'], ['INCR', 'a']], sent: false },
    { commands: [['MULTI'], ['INCR', 'a'], ['EXEC']], sent: true },
    { commands: [['MULTI'], ['EXEC'], ['EXEC']], sent: false },
    { commands: [], sent: true },
  ])('$commands is sent: $sent', async ({ commands, sent }) => {
    const fake = createFakeRedis()
    const redis = createRedis(fake.sockets, HOST, { now })
    const [first] = commands
    const codes = [await caught(redis.pipeline(commands))]
    if (commands.length === 1 && first) codes.push(await caught(redis.command(...first)))
    expect([...new Set(codes)]).toEqual([sent ? 'nothing' : 'UNSUPPORTED'])
    expect(fake.heard.flat()).toHaveLength(sent ? commands.length : 0)
  })

  it('is refused while too many wait, and never keeps the process going for nothing', async () => {
    const fake = createFakeRedis()
    fake.react = () => undefined
    const redis = createRedis(fake.sockets, HOST, { now, maxPending: 2 })
    const all = ['A', 'B', 'C'].map((name) => caught(redis.command(name)))
    expect(await all[2]).toBe('BUSY')
    await vi.advanceTimersByTimeAsync(0)
    expect(fake.states).toEqual([{ open: true, held: true }])
    fake.say('+OK\r\n+OK\r\n')
    expect(await Promise.all(all)).toEqual(['nothing', 'nothing', 'BUSY'])
    expect(fake.states).toEqual([{ open: true, held: false }])
    expect(vi.getTimerCount()).toBe(0)
    expect(redis.pending).toBe(0)
  })
})

it('gives the replies of a pipeline in order, refusals among them', async () => {
  const fake = createFakeRedis()
  fake.react = ([name = '']) => (name === 'BAD' ? '-ERR no\r\n' : `+${name}\r\n`)
  const redis = createRedis(fake.sockets, HOST, { now })
  expect(await redis.pipeline([['A'], ['BAD'], ['B']])).toEqual(['A', { error: 'ERR no' }, 'B'])
})

it('sends a script once, and its digest from then on', async () => {
  const fake = createFakeRedis()
  let known = false
  fake.react = ([name]) => {
    if (name === 'EVALSHA' && !known) return '-NOSCRIPT No matching script\r\n'
    known = true
    return ':7\r\n'
  }
  const redis = createRedis(fake.sockets, HOST, { now })
  for (let turn = 0; turn < 2; turn++) {
    expect(await redis.eval('return 7', ['k1', 'k2'], ['w', 1])).toBe(7)
  }
  // By `printf 'return 7' | sha1sum`.
  const digest = '59b6ab2fbe0ee4b25733de0f62e6cda4899ef8e9'
  expect(fake.heard).toEqual([
    [`EVALSHA ${digest} 2 k1 k2 w 1`, 'EVAL return 7 2 k1 k2 w 1', `EVALSHA ${digest} 2 k1 k2 w 1`],
  ])
})

it('opens a connection for each use where none may be kept', async () => {
  const fake = createFakeRedis({ pooled: false })
  fake.react = ([name]) => (name === 'EVALSHA' ? '-NOSCRIPT\r\n' : '+OK\r\n')
  const redis = createRedis(fake.sockets, { ...HOST, password: 'x' }, { now })
  await Promise.all([redis.command('A'), redis.command('B'), redis.eval('x', [])])
  expect(fake.heard.map((words) => words.map((one) => one.split(' ')[0]))).toEqual([
    ['AUTH', 'A'],
    ['AUTH', 'B'],
    ['AUTH', 'EVALSHA', 'EVAL'],
  ])
  expect(fake.states.every(({ open }) => !open)).toBe(true)
})
