import { expect, it } from 'vitest'
import { createFakeRedis } from './fake-redis.fixture.ts'
import { createRedisPool, poolOf } from './pool.ts'

const HOST = { host: 'redis.test' }

it('shares a connection among equal options, however they are written', async () => {
  const fake = createFakeRedis()
  const pool = createRedisPool(fake.sockets)
  await pool.client({ ...HOST, database: 1 }).command('A')
  await pool.client({ database: 1, ...HOST, username: null }).command('B')
  await pool.client({ ...HOST, database: 2 }).command('C')
  expect(fake.heard).toEqual([
    ['SELECT 1', 'A', 'B'],
    ['SELECT 2', 'C'],
  ])
})

it('closes what nobody used for a while, and opens it again for who holds its client', async () => {
  const fake = createFakeRedis()
  const clock = { time: 0 }
  const pool = createRedisPool(fake.sockets, { now: () => clock.time })
  const left = pool.client({ ...HOST, database: 1 })
  const used = pool.client(HOST)
  const open = () => fake.states.map((state) => state.open)
  await left.command('A')
  clock.time = 9_999
  await used.command('B')
  expect(open()).toEqual([true, true])
  clock.time = 10_000
  await used.command('C')
  expect(open()).toEqual([false, true])
  await left.command('D')
  expect(open()).toEqual([false, true, true])
})

it('closes no connection that is waited for', async () => {
  const fake = createFakeRedis()
  fake.react = ([name]) => (name === 'SLOW' ? undefined : '+OK\r\n')
  const clock = { time: 0 }
  const pool = createRedisPool(fake.sockets, { now: () => clock.time })
  const slow = pool.client({ ...HOST, timeout: 60_000 }).command('SLOW')
  await pool.client(HOST).command('A')
  clock.time = 20_000
  await pool.client(HOST).command('B')
  expect(fake.states.map(({ open }) => open)).toEqual([true, true])
  fake.say('+OK\r\n')
  expect(await slow).toBe('OK')
  pool.close()
})

it('rejects what waits when it is closed, and everything later', async () => {
  const fake = createFakeRedis()
  fake.react = ([name]) => (name === 'SLOW' ? undefined : '+OK\r\n')
  const pool = createRedisPool(fake.sockets)
  const client = pool.client(HOST)
  await client.command('A')
  const slow = client.command('SLOW')
  const refused = expect(slow).rejects.toMatchObject({ code: 'CLOSED' })
  await Promise.resolve()
  pool.close()
  await refused
  await expect(client.command('B')).rejects.toMatchObject({ code: 'CLOSED' })
  expect(fake.states.map(({ open }) => open)).toEqual([false])
})

it('refuses every command where there are no sockets', async () => {
  const client = createRedisPool(undefined).client(HOST)
  await expect(client.pipeline([['A']])).rejects.toMatchObject({ code: 'UNSUPPORTED' })
})

it('gives everyone the client it was given', () => {
  const client = createRedisPool(undefined).client(HOST)
  expect(poolOf(client).client({ host: 'other.test' })).toBe(client)
})
