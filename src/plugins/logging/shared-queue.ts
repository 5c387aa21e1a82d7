import type { Kit } from '../../pdk/kit.ts'
import type { Queue } from '../../pdk/queue.ts'

/** What several configurations of a plugin write to. */
type SharedQueue<E> = Pick<Queue<E>, 'add' | 'close'>

interface Shared {
  readonly queue: SharedQueue<string>
  users: number
}

/** The queue of all configurations that say the same of where entries go, and how; `make` makes it for the first. */
export function sharedQueueFor(
  { keep, plugin }: Kit,
  { key, make }: { readonly key: string; readonly make: () => Queue<string> },
): SharedQueue<string> {
  const all = keep(`${plugin.name}:queues`, () => new Map<string, Shared>())
  const shared = all.get(key) ?? { queue: make(), users: 0 }
  shared.users++
  all.set(key, shared)
  return {
    add: (entry, bytes) => shared.queue.add(entry, bytes),
    async close(why) {
      shared.users--
      if (shared.users > 0) return
      if (all.get(key) === shared) all.delete(key)
      await shared.queue.close(why)
    },
  }
}
