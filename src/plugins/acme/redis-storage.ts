import type { AdminKit } from '../../pdk/admin-route.ts'
import type { RedisStorageConfig } from './config.ts'
import type { AcmeStorage } from './storage.ts'

/** Keeps them in a Redis, as Kong does: each under its name, behind a namespace. */
export function redisStorage(
  config: RedisStorageConfig,
  { redis }: Pick<AdminKit, 'redis'>,
): AcmeStorage {
  const { namespace, scan_count: count } = config.extra_options
  const client = redis.client({ ...config, host: config.host ?? '127.0.0.1' })
  const lasting = (ttl: number) => ['PX', String(Math.ceil(ttl * 1000))]
  return {
    async get(key) {
      const value = await client.command('GET', namespace + key)
      return typeof value === 'string' ? value : undefined
    },
    async set(key, value, ttl) {
      const words = ttl === undefined ? [] : lasting(ttl)
      await client.command('SET', namespace + key, value, ...words)
    },
    add: async (key, value, ttl) =>
      (await client.command('SET', namespace + key, value, 'NX', ...lasting(ttl))) === 'OK',
    async delete(key) {
      await client.command('DEL', namespace + key)
    },
    async list(prefix) {
      const found = new Set<string>()
      const match = `${globless(namespace + prefix)}*`
      let cursor = '0'
      do {
        const scan = ['SCAN', cursor, 'MATCH', match, 'COUNT', String(count ?? 10)] as const
        const reply = await client.command(...scan)
        const [next, keys] = Array.isArray(reply) ? reply : ['0', []]
        for (const key of Array.isArray(keys) ? keys : []) found.add(String(key))
        cursor = String(next)
      } while (cursor !== '0')
      return Array.from(found, (key) => key.slice(namespace.length))
    },
  }
}

/** As itself in Redis' patterns. */
function globless(text: string): string {
  return text.replace(/[*?[\]\\]/g, '\\$&')
}
