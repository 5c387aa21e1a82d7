import type { AdminKit } from '../../pdk/admin-route.ts'
import { EntityError } from '../../schema/entity-error.ts'
import type { AcmeStorage } from './storage.ts'

const TABLE = 'acme_storage'

/** Keeps them where the configuration is, so that all gateways of one store share them. */
export function entityStorage({ entities }: Pick<AdminKit, 'entities'>): AcmeStorage {
  const find = (key: string) => entities.getBy(TABLE, 'key', key)
  const rowFor = (key: string, value: string, ttl: number | undefined) =>
    ttl === undefined ? { key, value } : { key, value, ttl: Math.max(1, Math.ceil(ttl)) }
  return {
    async get(key) {
      const value = find(key)?.value
      return typeof value === 'string' ? value : undefined
    },
    async set(key, value, ttl) {
      const found = find(key)
      if (found === undefined) await entities.insert(TABLE, rowFor(key, value, ttl))
      else await entities.update(TABLE, found.id, rowFor(key, value, ttl))
    },
    async add(key, value, ttl) {
      if (find(key) !== undefined) return false
      try {
        await entities.insert(TABLE, rowFor(key, value, ttl))
        return true
      } catch (error) {
        // Somebody else was there first.
        if (error instanceof EntityError) return false
        throw error
      }
    },
    async delete(key) {
      const found = find(key)
      if (found !== undefined) await entities.remove(TABLE, found.id)
    },
    list: async (prefix) =>
      entities
        .all(TABLE)
        .map(({ key }) => String(key))
        .filter((key) => key.startsWith(prefix)),
  }
}
