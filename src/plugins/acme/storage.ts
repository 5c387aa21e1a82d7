import type { AdminKit } from '../../pdk/admin-route.ts'
import type { AcmeConfig } from './config.ts'
import { consulStorage } from './consul-storage.ts'
import { entityStorage } from './entity-storage.ts'
import { createMemoryStorage } from './memory-storage.ts'
import { redisStorage } from './redis-storage.ts'
import { vaultStorage } from './vault-storage.ts'

/** Keeps accounts, challenges and what is to be renewed, under Kong's own keys. */
export interface AcmeStorage {
  get(key: string): Promise<string | undefined>
  /** `ttl` in seconds. */
  set(key: string, value: string, ttl?: number): Promise<void>
  /** False when there is one already. */
  add(key: string, value: string, ttl: number): Promise<boolean>
  delete(key: string): Promise<void>
  /** The keys that start with `prefix`. */
  list(prefix: string): Promise<readonly string[]>
}

/** The storage a configuration names. */
export function openStorage({ storage, storage_config }: AcmeConfig, kit: AdminKit): AcmeStorage {
  if (storage === 'kong') return entityStorage(kit)
  if (storage === 'redis') return redisStorage(storage_config.redis, kit)
  if (storage === 'consul') return consulStorage(storage_config.consul, kit)
  if (storage === 'vault') return vaultStorage(storage_config.vault, kit)
  return kit.keep('acme:storage', () => createMemoryStorage(kit.runtime.now))
}

/** The keys, as Kong has them. */
export const STORED = {
  account: (uri: string, email: string) =>
    `kong_acme:account:${uri}:${btoa(String.fromCharCode(...new TextEncoder().encode(email)))}`,
  lock: (host: string) => `kong_acme:update_lock:${host}`,
  backoff: (host: string) => `kong_acme:fail_backoff:${host}`,
  certificate: (host: string) => `kong_acme:cert_key:${host}`,
  challenge: (token: string) => `${token}#http-01`,
  renewal: 'kong_acme:renew_config:',
  lastRun: 'kong_acme:renew_last_run',
} as const
