import { isUuid } from '../lib/uuid.ts'
import { entityErrors } from '../schema/entity-error.ts'
import type { EntityStore } from '../store/entity-store.ts'
import { envelope, offsetOf, packOffset, sizeOf } from './paging.ts'
import { json, type Reply } from './reply.ts'
import type { Call, Resource } from './resource.ts'
import { isTagText } from './tag-filter.ts'

/** `/tags`: a read-only view over the tags of all entities (admin-api §4.3). */
export function tagResources(store: EntityStore): Resource[] {
  return [
    {
      pattern: '/tags',
      handlers: {
        GET: (call) => tagPage(store, call, ['size']),
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
          return tagPage(store, call, [], tag)
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

/** By entity id; the offset names the row the page ended at. */
function tagPage(store: EntityStore, call: Call, repeat: readonly string[], tag?: string): Reply {
  // In Kong's order: of several that are wrong, the first is told.
  const size = sizeOf(call.query)
  const after = placeOf(call)
  const { rows, last } = store.tags({
    size,
    ...(after === undefined ? {} : { after }),
    ...(tag === undefined ? {} : { tag }),
  })
  const data = rows.map(({ tag, entity, id }) => ({ tag, entity_name: entity, entity_id: id }))
  const offset = last === undefined ? undefined : packOffset([last])
  return json(envelope(data, offset, { ...call, repeat }))
}

function placeOf({ query }: Call): string | undefined {
  const position = offsetOf(query)
  if (position === undefined) return undefined
  const [place] = position
  if (typeof place === 'string' && isUuid(place.slice(0, 36))) return place
  throw entityErrors.invalidOffset(String(query.single('offset')), 'bad json encoding')
}
