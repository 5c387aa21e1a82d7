import type { RedisOptions } from '../../pdk/redis/redis-client.ts'

/** Which authority is asked for certificates of which hosts. */
export interface AcmeConfig {
  readonly account_email: string
  readonly account_key: { readonly key_id: string; readonly key_set: string | null } | null
  readonly api_uri: string | null
  readonly eab_kid: string | null
  readonly eab_hmac_key: string | null
  readonly cert_type: 'rsa' | 'ecc' | null
  readonly rsa_key_size: number | null
  readonly renew_threshold_days: number | null
  readonly domains: readonly string[] | null
  readonly allow_any_domain: boolean | null
  readonly fail_backoff_minutes: number | null
  readonly storage: 'kong' | 'shm' | 'redis' | 'consul' | 'vault' | null
  readonly storage_config: {
    readonly redis: RedisStorageConfig
    readonly consul: StorageServer
    readonly vault: VaultServer
  }
  readonly preferred_chain: string | null
  readonly enable_ipv4_common_name: boolean | null
}

/** A Redis, and where in it our keys are. */
export type RedisStorageConfig = Omit<RedisOptions, 'host'> & {
  readonly host: string | null
  readonly extra_options: { readonly namespace: string; readonly scan_count: number | null }
}

/** A server that keeps things by keys, asked over HTTP. */
export interface StorageServer {
  readonly https: boolean | null
  readonly host: string | null
  readonly port: number | null
  readonly kv_path: string | null
  readonly timeout: number | null
  readonly token: string | null
  readonly tls_verify?: boolean | null
  readonly tls_server_name?: string | null
}

/** A Vault, and how to log in to it. */
export interface VaultServer extends StorageServer {
  readonly auth_method: 'token' | 'kubernetes' | null
  readonly auth_path: string | null
  readonly auth_role: string | null
  readonly jwt_path: string | null
}

const LETS_ENCRYPT = 'https://acme-v02.api.letsencrypt.org/directory'

/** Where the authority tells what it does. Kong: its address alone is enough. */
export function directoryOf({ api_uri: uri }: AcmeConfig): string {
  const given = uri ?? LETS_ENCRYPT
  if (given.endsWith('/directory')) return given
  return given.endsWith('/') ? `${given}directory` : `${given}/directory`
}
