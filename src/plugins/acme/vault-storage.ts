import type { AdminKit } from '../../pdk/admin-route.ts'
import { isObject } from '../../schema/field.ts'
import type { VaultServer } from './config.ts'
import { pathOf, type ServerReply, serverCall } from './server-call.ts'
import type { AcmeStorage } from './storage.ts'
import { vaultLogin } from './vault-login.ts'

const PORT = 8200

type VaultKit = Pick<AdminKit, 'http' | 'runtime' | 'files' | 'keep'>

/** Keeps them in a Vault's second kind of key-value store, one secret a key, as Kong does. */
export function vaultStorage(server: VaultServer, kit: VaultKit): AcmeStorage {
  const vault = openVault(server, kit)
  const { ask, place } = vault
  const readSecret = async (key: string) => secretOf(await ask('GET', place('data', key)))
  return {
    get: async (key) => (await readSecret(key)).value,
    async set(key, value, ttl) {
      good(await write(vault, { key, value, ttl }))
    },
    async add(key, value, ttl) {
      const { value: there, version } = await readSecret(key)
      if (there !== undefined) return false
      const reply = await write(vault, { key, value, ttl, cas: version })
      // Vault: somebody else was there first.
      if (reply.status === 400) return false
      good(reply)
      return true
    },
    async delete(key) {
      // All versions, and what is known of them.
      good(await ask('DELETE', place('metadata', key)))
    },
    async list(prefix) {
      const value = good(await ask('GET', `${place('metadata')}/?list=true`))
      const data = isObject(value) && isObject(value.data) ? value.data.keys : undefined
      const keys = Array.isArray(data) ? data.map(String) : []
      return keys.filter((key) => key.startsWith(prefix))
    },
  }
}

/** A folder of secrets. */
interface Vault {
  ask(method: string, path: string, body?: object): Promise<ServerReply>
  /** Where a key is, or the folder itself. */
  place(kind: 'data' | 'metadata', key?: string): string
}

function openVault(server: VaultServer, kit: VaultKit): Vault {
  const call = serverCall(server, { port: PORT, kit })
  const login = vaultLogin(server, { call, kit })
  const [mount = 'acme', ...folder] = (server.kv_path ?? 'acme').split('/').filter(Boolean)
  return {
    place(kind, key) {
      // A slash in a key would be a folder.
      const name = key === undefined ? [] : [key.replaceAll('/', '-')]
      return `/v1${pathOf(mount, kind, ...folder, ...name)}`
    },
    async ask(method, path, body) {
      const headers = ['X-Vault-Token', await login.token()]
      const json = body === undefined ? {} : { body: JSON.stringify(body) }
      const reply = await call({ method, path, headers, ...json })
      // It may have been taken away: the next question is asked with another one.
      if (reply.status === 403) login.forget()
      return reply
    },
  }
}

async function write({ ask, place }: Vault, { key, value, ttl, cas }: Writing) {
  if (ttl !== undefined) {
    const end = { delete_version_after: `${Math.ceil(Math.max(ttl, 1) * 1000)}ms` }
    good(await ask('POST', place('metadata', key), end))
  }
  const options = cas === undefined ? {} : { options: { cas } }
  const data = { value, note: 'managed by lua-resty-acme' }
  return ask('POST', place('data', key), { data, ...options })
}

interface Writing {
  readonly key: string
  readonly value: string
  readonly ttl: number | undefined
  /** The version it has to be the next of. */
  readonly cas?: number
}

/** What it says; undefined for what is not there, and for what needs no words. */
function good({ status, value }: ServerReply): unknown {
  if (status === 404) return undefined
  if (status < 200 || status > 299) throw new Error(`Vault answered ${status}`)
  return value
}

/** A secret that has ended leaves its version behind, with a 404. */
function secretOf(reply: ServerReply): { value: string | undefined; version: number } {
  if (reply.status !== 404) good(reply)
  const { data: outer } = isObject(reply.value) ? reply.value : {}
  const { data, metadata } = isObject(outer) ? outer : {}
  const value = isObject(data) ? data.value : undefined
  const version = isObject(metadata) ? Number(metadata.version) : 0
  return { value: typeof value === 'string' ? value : undefined, version }
}
