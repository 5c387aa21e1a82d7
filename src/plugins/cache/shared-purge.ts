import type { AdminKit } from '../../pdk/admin-route.ts'
import type { KeptAnswer } from './kept-answer.ts'
import { keyOf } from './shared-answers.ts'
import { readEntry, type Spot } from './written-entry.ts'

const DIGITS = '0123456789abcdef'

/** The answer of that name in the KV, the latest of several; of any configuration unless one is named. */
export async function sharedNamed(
  kit: AdminKit,
  name: string,
  pluginId?: string,
): Promise<KeptAnswer | undefined> {
  // Nothing else is a name, and could be the key of something else.
  if (!/^[0-9a-f]{64}$/.test(name)) return undefined
  const ids = pluginIds(kit).filter((id) => pluginId === undefined || id === pluginId)
  const all = await Promise.all(ids.map((pluginId) => readLatest(kit, { pluginId, name })))
  return all.find((answer) => answer !== undefined && answer.until > kit.runtime.now())
}

async function readLatest({ kv }: AdminKit, spot: Spot): Promise<KeptAnswer | undefined> {
  let entry = readEntry(await kv.get(keyOf(spot)), spot)
  if (entry !== undefined && 'fork' in entry) {
    entry = readEntry(await kv.get(entry.fork.latest), spot)
  }
  return entry !== undefined && 'answer' in entry ? entry.answer : undefined
}

/** Throws away an answer in the KV, and all that vary from it. */
export async function forgetShared({ kv }: AdminKit, spot: Spot): Promise<void> {
  await forgetAll(kv, keyOf(spot))
}

/** Throws away all answers in the KV; a part at a time, for a list holds the values too. */
export async function clearShared(kit: AdminKit): Promise<void> {
  for (const pluginId of pluginIds(kit)) {
    for (const name of DIGITS) await forgetAll(kit.kv, keyOf({ pluginId, name }))
  }
}

async function forgetAll(kv: AdminKit['kv'], prefix: string): Promise<void> {
  const pairs = await kv.list(prefix)
  await Promise.all(pairs.map(([key]) => kv.delete(key)))
}

/** What a configuration that is gone has left there expires: nobody finds it. */
function pluginIds({ entities }: AdminKit): readonly string[] {
  const own = entities.all('plugins').filter(({ name }) => name === 'proxy-cache')
  return own.flatMap(({ id }) => (typeof id === 'string' ? [id] : []))
}
