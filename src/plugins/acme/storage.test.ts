import { describe, expect, it } from 'vitest'
import type { RedisClient } from '../../pdk/redis/redis-client.ts'
import { createMemoryStorage } from './memory-storage.ts'
import { redisStorage } from './redis-storage.ts'
import type { AcmeStorage } from './storage.ts'

describe('the memory', () => {
  it('keeps what it is told as long as it is told', async () => {
    let now = 0
    const storage = createMemoryStorage(() => now)
    expect(await storage.add('a:1', 'x', 10)).toBe(true)
    expect(await storage.add('a:1', 'y', 10)).toBe(false)
    await storage.set('a:2', 'z')
    await storage.set('b', 'z')
    expect(await storage.list('a:')).toEqual(['a:1', 'a:2'])
    now = 10_000
    expect([await storage.get('a:1'), await storage.get('a:2')]).toEqual([undefined, 'z'])
    expect(await storage.list('a:')).toEqual(['a:2'])
    expect(await storage.add('a:1', 'y', 10)).toBe(true)
    await storage.delete('a:2')
    expect(await storage.get('a:2')).toBeUndefined()
  })
})

describe('a Redis', () => {
  const redis = (
    answer: (words: readonly unknown[]) => unknown,
  ): { asked: unknown[][]; storage: AcmeStorage } => {
    const asked: unknown[][] = []
    const client = {
      command: async (...words: unknown[]) => {
        asked.push(words)
        return answer(words)
      },
    }
    // The storage sends single commands alone.
    const pool = { client: () => client as unknown as RedisClient, close() {} }
    const extra_options = { namespace: 'n*:', scan_count: 7 }
    return { asked, storage: redisStorage({ host: 'r', extra_options }, { redis: pool }) }
  }

  it.each<{ what: string; use: (storage: AcmeStorage) => Promise<unknown>; words: string[] }>([
    { what: 'get', use: (s) => s.get('k'), words: ['GET', 'n*:k'] },
    { what: 'set', use: (s) => s.set('k', 'v'), words: ['SET', 'n*:k', 'v'] },
    {
      what: 'set for a while',
      use: (s) => s.set('k', 'v', 1.5),
      words: ['SET', 'n*:k', 'v', 'PX', '1500'],
    },
    {
      what: 'add',
      use: (s) => s.add('k', 'v', 30),
      words: ['SET', 'n*:k', 'v', 'NX', 'PX', '30000'],
    },
    { what: 'delete', use: (s) => s.delete('k'), words: ['DEL', 'n*:k'] },
  ])('is asked to $what', async ({ use, words }) => {
    const { asked, storage } = redis(() => null)
    await use(storage)
    expect(asked).toEqual([words])
  })

  it('tells whether something was added', async () => {
    expect(await redis(() => 'OK').storage.add('k', 'v', 1)).toBe(true)
    expect(await redis(() => null).storage.add('k', 'v', 1)).toBe(false)
  })

  it('is looked through to the end', async () => {
    const { asked, storage } = redis(([, cursor]) =>
      cursor === '0' ? ['5', ['n*:a:1']] : ['0', ['n*:a:1', 'n*:a:2']],
    )
    expect(await storage.list('a:')).toEqual(['a:1', 'a:2'])
    expect(asked).toEqual([
      ['SCAN', '0', 'MATCH', 'n\\*:a:*', 'COUNT', '7'],
      ['SCAN', '5', 'MATCH', 'n\\*:a:*', 'COUNT', '7'],
    ])
  })
})
