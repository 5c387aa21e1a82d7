import type { Fetch } from '../../src/sync/client.ts'
import { type Gate, openAdmin } from '../open-admin.ts'
import { createDeck, type Deck } from './client.ts'
import type { Send } from './deck-read.ts'

/** An Admin API in this process, asked by decK's client and by our own. */
export interface DeckGate {
  readonly gate: Gate
  readonly deck: Deck
  readonly fetch: Fetch
  /** How many entities of each kind there are, kinds without any left out. */
  counts(): Promise<Readonly<Record<string, number>>>
}

/** Opens an empty one. */
export async function openDeckGate(): Promise<DeckGate> {
  const gate = await openAdmin()
  const text = (body: unknown) => (body === undefined ? undefined : JSON.stringify(body))
  const type = (body: unknown) => (body === undefined ? undefined : 'application/json')
  const send: Send = (method, path, body) => gate.send(method, path, text(body), type(body))
  const fetch: Fetch = async (url, { method, headers, body }) => {
    const { pathname, search } = new URL(url)
    const answer = await gate.send(method, pathname + search, body, headers['content-type'])
    return { status: answer.status, text: async () => answer.text }
  }
  return {
    gate,
    deck: createDeck(send),
    fetch,
    async counts() {
      const counts: Record<string, number> = {}
      for (const path of COLLECTIONS) {
        const { ids } = await gate.get(`/${path}?size=1000`)
        if (ids.length > 0) counts[path] = ids.length
      }
      return counts
    },
  }
}

const COLLECTIONS = [
  ...['services', 'routes', 'upstreams', 'consumers', 'plugins', 'certificates', 'snis'],
  ...['ca_certificates', 'vaults', 'keys', 'key-sets', 'acls', 'basic-auths', 'hmac-auths'],
  ...['jwts', 'key-auths', 'oauth2'],
]
