import type { AdminAnswer, AdminKit, AdminQuestion, AdminRoute } from '../../pdk/admin-route.ts'
import { cacheOf } from './caching.ts'
import type { KeptAnswer } from './kept-answer.ts'
import { clearShared, forgetShared, sharedNamed } from './shared-purge.ts'

const NOTHING: AdminAnswer = { status: 404 }
const DONE: AdminAnswer = { status: 204 }
const AWAY: AdminAnswer = { status: 503, body: { message: 'Cannot reach the KV' } }

/** What operators may see and throw away. */
export const cacheRoutes: readonly AdminRoute[] = [
  {
    method: 'DELETE',
    path: '/proxy-cache',
    summary: 'Throws away all answers that this gateway keeps.',
    answer: (_question, kit) => reached(kit, () => clear(kit)),
  },
  {
    method: 'GET',
    path: '/proxy-cache/{cache_key}',
    summary: 'Shows the answer of an X-Cache-Key.',
    answer: (question, kit) => reached(kit, async () => shownOrNothing(await find(question, kit))),
  },
  {
    method: 'DELETE',
    path: '/proxy-cache/{cache_key}',
    summary: 'Throws away the answer of an X-Cache-Key.',
    answer: (question, kit) => reached(kit, async () => forget(await find(question, kit), kit)),
  },
  {
    method: 'GET',
    path: '/proxy-cache/{plugin_id}/caches/{cache_key}',
    summary: "Shows the answer of an X-Cache-Key among those of one plugin's configuration.",
    answer: (question, kit) =>
      reached(kit, async () => shownOrNothing(await findOfPlugin(question, kit))),
  },
  {
    method: 'DELETE',
    path: '/proxy-cache/{plugin_id}/caches/{cache_key}',
    summary: "Throws away the answer of an X-Cache-Key among those of one plugin's configuration.",
    answer: (question, kit) =>
      reached(kit, async () => forget(await findOfPlugin(question, kit), kit)),
  },
]

/** An answer, and where it is in the cache; without a place it is in the KV. */
type Found = { readonly place?: string; readonly answer: KeptAnswer } | undefined

/** A KV that is away has neither the answer nor lost it. */
async function reached(kit: AdminKit, work: () => Promise<AdminAnswer>): Promise<AdminAnswer> {
  try {
    return await work()
  } catch (error) {
    if (kit.answerStorage !== 'kv') throw error
    kit.runtime.log('warn', 'Cannot reach the answers in the KV', { error: String(error) })
    return AWAY
  }
}

async function find({ params }: AdminQuestion, kit: AdminKit, pluginId?: string): Promise<Found> {
  const { cache_key: name = '' } = params
  if (kit.answerStorage === 'kv') {
    const answer = await sharedNamed(kit, name, pluginId)
    return answer === undefined ? undefined : { answer }
  }
  const found = cacheOf(kit).named(name, kit.runtime.now())
  return pluginId === undefined || found?.answer.pluginId === pluginId ? found : undefined
}

function findOfPlugin(question: AdminQuestion, kit: AdminKit): Promise<Found> {
  return find(question, kit, question.params.plugin_id ?? '')
}

async function forget(found: Found, kit: AdminKit): Promise<AdminAnswer> {
  if (found === undefined) return NOTHING
  if (found.place === undefined) await forgetShared(kit, found.answer)
  else cacheOf(kit).forget(found.place)
  return DONE
}

async function clear(kit: AdminKit): Promise<AdminAnswer> {
  if (kit.answerStorage === 'kv') await clearShared(kit)
  else cacheOf(kit).clear()
  return DONE
}

/** Kong's names, seconds for times. */
function shownOrNothing(found: Found): AdminAnswer {
  if (found === undefined) return NOTHING
  const { name, status, headers, body = new Uint8Array(), storedAt, ttl } = found.answer
  return {
    status: 200,
    body: {
      status,
      headers: shownHeaders([...headers, 'X-Cache-Key', name]),
      body: new TextDecoder().decode(body),
      body_len: body.length,
      timestamp: Math.floor(storedAt / 1000),
      ttl,
      version: 1,
    },
  }
}

function shownHeaders(list: readonly string[]): object {
  const values = new Map<string, string[]>()
  for (let i = 0; i < list.length; i += 2) {
    // The loop keeps i and i + 1 below the list's even length.
    const [name, value] = [list[i] as string, list[i + 1] as string]
    values.set(name, [...(values.get(name) ?? []), value])
  }
  return Object.fromEntries(
    Array.from(values, ([name, all]) => [name, all.length === 1 ? all[0] : all]),
  )
}
