import { decodeBase64 } from '../../lib/base64.ts'
import type { AdminKit } from '../../pdk/admin-route.ts'
import { isObject } from '../../schema/field.ts'
import type { StorageServer } from './config.ts'
import { type ServerReply, serverCall } from './server-call.ts'
import type { AcmeStorage } from './storage.ts'

const PORT = 8500

/** What Consul has under a key. */
interface Entry {
  readonly value: string
  /** Of its last change, by which it is told apart from a newer one. */
  readonly index: number
  /** Milliseconds since 1970. */
  readonly endsAt: number | undefined
}

type ConsulKit = Pick<AdminKit, 'http' | 'runtime'>

/**
 * Keeps them in the key-value store of a Consul, as Kong does: a key's end is in its flags, and who
 * finds one that has ended takes it away.
 */
export function consulStorage(server: StorageServer, kit: ConsulKit): AcmeStorage {
  const folder = trimmed(server.kv_path ?? 'acme')
  const ask = askIn(folder, server, kit)
  const read = async (key: string): Promise<string | undefined> => {
    const entry = entryOf(await ask('GET', key))
    if (entry?.endsAt === undefined || entry.endsAt >= kit.runtime.now()) return entry?.value
    good(await ask('DELETE', key, { query: `?cas=${entry.index}` }))
    return undefined
  }
  const flags = (ttl: number) => `flags=${Math.ceil(kit.runtime.now() + ttl * 1000)}`

  return {
    get: read,
    async set(key, value, ttl) {
      const query = ttl === undefined ? '' : `?${flags(ttl)}`
      if (good(await ask('PUT', key, { query, body: value })) !== true)
        throw new Error('Consul did not keep a value')
    },
    async add(key, value, ttl) {
      if ((await read(key)) !== undefined) return false
      // Nobody else may have come in between.
      return good(await ask('PUT', key, { query: `?${flags(ttl)}&cas=0`, body: value })) === true
    },
    async delete(key) {
      good(await ask('DELETE', key))
    },
    async list(prefix) {
      const keys = good(await ask('GET', prefix, { query: '?keys' }))
      const list = Array.isArray(keys) ? keys.map(String) : []
      return list.map((key) => key.slice(folder.length + 1))
    },
  }
}

/** Asks about the keys of a folder. */
function askIn(folder: string, server: StorageServer, kit: ConsulKit) {
  const call = serverCall(server, { port: PORT, kit })
  const headers = server.token === null ? [] : ['X-Consul-Token', server.token]
  return (method: string, key: string, { query = '', body = '' } = {}) =>
    call({
      method,
      path: `/v1/kv/${encodedPath(`${folder}/${key}`)}${query}`,
      headers,
      ...(method === 'PUT' ? { body } : {}),
    })
}

/** Consul has a slash between folders, and none before them. */
function trimmed(path: string): string {
  return path.replace(/^\/+|\/+$/g, '')
}

function encodedPath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}

/** What it says; undefined for what is not there. */
function good({ status, value }: ServerReply): unknown {
  if (status === 404) return undefined
  if (status !== 200) throw new Error(`Consul answered ${status}`)
  return value
}

function entryOf(reply: ServerReply): Entry | undefined {
  const value = good(reply)
  const entry = Array.isArray(value) ? value[0] : undefined
  if (!isObject(entry) || typeof entry.Value !== 'string') return undefined
  const bytes = decodeBase64(entry.Value)
  const endsAt = Number(entry.Flags ?? 0)
  return {
    value: new TextDecoder().decode(bytes),
    index: Number(entry.ModifyIndex),
    endsAt: endsAt > 0 ? endsAt : undefined,
  }
}
