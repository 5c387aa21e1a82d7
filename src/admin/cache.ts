import type { TrafficCounts } from '../proxy/traffic-counts.ts'
import type { EntityStore } from '../store/entity-store.ts'
import { json, NO_CONTENT, NOT_FOUND, type Reply } from './reply.ts'
import type { Call, Resource } from './resource.ts'

/** What `/cache` is answered from. */
export interface CacheSources {
  readonly store: Pick<
    EntityStore,
    'entities' | 'revision' | 'get' | 'getBy' | 'children' | 'subscribe'
  >
  /** Absent where nobody counts; then nothing seems cached. */
  readonly counts?: Pick<TrafficCounts, 'total'>
}

const VERSIONED: readonly string[] = ['router', 'plugins_iterator']

/**
 * `/cache`. All entities are at hand and nothing is ever cached. For those who wait for Kong's cache
 * it is as if each request put all of them there, and each change or purge took out their table.
 */
export function cacheResources({ store, counts }: CacheSources): Resource[] {
  const requests = (): number => counts?.total ?? 0
  const tables = new Set([...VERSIONED, ...store.entities.map(({ name }) => name)])
  const emptiedAt = new Map<string, number>()
  let wholeAt = requests()
  let purges = 0
  store.subscribe((changes) => {
    for (const { entity } of changes) emptiedAt.set(entity, requests())
  })

  const show = ({ param }: Call): Reply => {
    const key = param('key')
    const table = tableIn(key)
    if (requests() === (emptiedAt.get(table) ?? wholeAt)) return NOT_FOUND
    const found =
      VERSIONED.includes(table) && key === `${table}:version`
        ? { message: `${store.revision}.${purges}` }
        : cachedAs(store, key)
    return found === undefined ? NOT_FOUND : json(found)
  }
  const purge = ({ find }: Call): Reply => {
    const key = find('key')
    const table = key === undefined ? undefined : tableIn(key)
    purges++
    if (table === undefined) {
      emptiedAt.clear()
      wholeAt = requests()
    } else if (tables.has(table)) emptiedAt.set(table, requests())
    return NO_CONTENT
  }

  return [
    { pattern: '/cache', handlers: { DELETE: purge } },
    { pattern: '/cache/{key}', handlers: { GET: show, DELETE: purge } },
  ]
}

function tableIn(key: string): string {
  return key.slice(0, key.indexOf(':'))
}

/** Kong: the table, five parts and the workspace; parts that are not there are empty. */
const TAIL = /:{5}[^:]*$/

/** A row by its key or id; of a consumer's groups, all. */
function cachedAs(store: CacheSources['store'], key: string): unknown {
  const table = tableIn(key)
  const entity = store.entities.find(({ name }) => name === table)
  if (entity === undefined) return undefined
  const part = key.slice(table.length + 1).replace(TAIL, '')
  const [field, ...others] = entity.cacheKey ?? []
  if (field === undefined) return store.get(table, part)
  if (others.length === 0) return store.getBy(table, field, part) ?? store.get(table, part)
  const rows = entity.fields[field]?.type === 'foreign' ? store.children(table, field, part) : []
  return rows.length > 0 ? rows : store.get(table, part)
}
