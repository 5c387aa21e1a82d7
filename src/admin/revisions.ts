import type { EntityStore } from '../store/entity-store.ts'
import type { Revision } from '../store/revision.ts'
import { json, message, type Reply } from './reply.ts'
import type { Call, Resource } from './resource.ts'

/** Ours: what was changed when and by whom, and a way back. */
export function revisionResources(store: EntityStore, databaseless: boolean): Resource[] {
  return [
    {
      pattern: '/revisions',
      handlers: { GET: () => json({ data: store.revisions().map(shown), next: null }) },
    },
    {
      pattern: '/revisions/{revision}/restore',
      handlers: {
        POST: (call) =>
          databaseless
            ? message(405, 'cannot restore revisions when not using a database')
            : restore(call, store),
      },
    },
  ]
}

/** Seconds on the wire, as a target's timestamps. */
function shown({ at, by, ...revision }: Revision): Record<string, unknown> {
  return { ...revision, at: at / 1000, by: by ?? null }
}

async function restore(call: Call, store: EntityStore): Promise<Reply> {
  const text = call.param('revision')
  const wanted = /^\d{1,15}$/.test(text) ? Number(text) : undefined
  const made = wanted && (await store.restore(wanted, { by: call.by }))
  if (made !== undefined) return json({ revision: made })
  return message(404, `Cannot restore revision "${text}", GET /revisions lists those that are kept`)
}
