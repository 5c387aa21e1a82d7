import type { Row } from '../schema/entity.ts'
import { entityErrors } from '../schema/entity-error.ts'
import type { EntityStore } from '../store/entity-store.ts'
import { envelope, offsetOf, packOffset, sizeOf } from './paging.ts'
import { json, type Reply } from './reply.ts'
import type { Call, Resource } from './resource.ts'
import { isTagText } from './tag-filter.ts'

/** One tag of one entity, and its place among that entity's tags. */
interface TagRow {
  readonly rank: number
  readonly shown: {
    readonly tag: string
    readonly entity_name: string
    readonly entity_id: string
  }
}

/** `/tags`: a read-only view over the tags of all entities (admin-api §4.3). */
export function tagResources(store: EntityStore): Resource[] {
  return [
    {
      pattern: '/tags',
      handlers: {
        GET: (call) => tagPage(tagRows(store), call, ['size']),
        POST() {
          const text = 'does not support insert/upsert/update/delete operations'
          throw entityErrors.schemaViolation({ tags: text })
        },
      },
    },
    {
      pattern: '/tags/{tags}',
      handlers: {
        GET(call) {
          const tag = call.param('tags')
          checkTag(tag)
          return tagPage(
            tagRows(store).filter(({ shown }) => shown.tag === tag),
            call,
            [],
          )
        },
      },
    },
  ]
}

function checkTag(tag: string): void {
  if (isTagText(tag) && !/[,/]/.test(tag)) return
  throw entityErrors.invalidUnique(
    'tag',
    `invalid tag '${tag}': expected printable ascii (except \`,\` and \`/\`) or valid utf-8 sequences`,
  )
}

/** By entity id, then in the order an entity bears its tags. */
function tagRows(store: EntityStore): TagRow[] {
  const tagged = store.entities.flatMap(({ name }) =>
    store.all(name).map((row) => ({ name, row, tags: tagsOf(row) })),
  )
  tagged.sort((a, b) => (a.row.id < b.row.id ? -1 : 1))
  return tagged.flatMap(({ name, row, tags }) =>
    tags.map((tag, rank) => ({
      rank,
      shown: { tag, entity_name: name, entity_id: row.id },
    })),
  )
}

function tagsOf({ tags }: Row): string[] {
  return Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : []
}

/** The offset names the last row shown, so rows that come or go between pages shift nothing. */
function tagPage(rows: readonly TagRow[], call: Call, repeat: readonly string[]): Reply {
  const size = sizeOf(call.query)
  const start = startOf(rows, call)
  const page = rows.slice(start, start + size)
  const last = page.at(-1)
  const more = last !== undefined && start + size < rows.length
  const offset = more ? packOffset([last.shown.entity_id, last.rank]) : undefined
  const data = page.map(({ shown }) => shown)
  return json(envelope(data, offset, { ...call, repeat }))
}

function startOf(rows: readonly TagRow[], call: Call): number {
  const position = offsetOf(call.query)
  if (position === undefined) return 0
  const [id, rank] = position
  if (typeof id !== 'string' || typeof rank !== 'number') {
    throw entityErrors.invalidOffset(String(call.query.single('offset')), 'bad json encoding')
  }
  const start = rows.findIndex(
    (row) => row.shown.entity_id > id || (row.shown.entity_id === id && row.rank > rank),
  )
  return start === -1 ? rows.length : start
}
