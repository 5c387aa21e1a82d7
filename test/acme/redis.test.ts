import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createNodeSockets } from '../../adapters/sockets/sockets.ts'
import { createRedisPool, type RedisPool } from '../../src/pdk/redis/pool.ts'
import { redisStorage } from '../../src/plugins/acme/redis-storage.ts'
import { type RedisServer, startRedis, whyNoRedis } from '../redis/redis-server.ts'

const why = whyNoRedis()

describe.skipIf(why !== undefined)(
  `ACME's storage in a real Redis (${why ?? 'there is one'})`,
  () => {
    let server: RedisServer
    let redis: RedisPool

    beforeAll(async () => {
      server = await startRedis()
      redis = createRedisPool(createNodeSockets(), { random: Math.random })
    })
    afterAll(async () => {
      redis.close()
      await server.close()
    })

    it('keeps, adds once, lists and forgets', async () => {
      const extra_options = { namespace: 'ns:[x]*', scan_count: 2 }
      const storage = redisStorage({ ...server.options, extra_options }, { redis })
      expect(await storage.get('a')).toBeUndefined()
      expect(await storage.add('lock', '1', 30)).toBe(true)
      expect(await storage.add('lock', '2', 30)).toBe(false)
      for (const name of ['b', 'a', 'c', 'd', 'e']) await storage.set(`renew:${name}`, `"${name}"`)
      await storage.set('renew:a', 'other', 60)
      expect(await storage.get('renew:a')).toBe('other')
      const names = ['a', 'b', 'c', 'd', 'e'].map((name) => `renew:${name}`)
      expect([...(await storage.list('renew:'))].sort()).toEqual(names)
      await storage.delete('renew:a')
      expect(await storage.get('renew:a')).toBeUndefined()
    })
  },
)
