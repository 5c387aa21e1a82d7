import type { Batch, CommitResult, Entry, Json } from '../../src/ports/store.ts'
import type { DurableObjectStorage, Sql } from './platform.ts'

/** Some entries in key order, small enough for one call; `next` is where to go on. */
export interface EntryPage {
  readonly revision: number
  /** Values are JSON texts. */
  readonly entries: readonly (readonly [key: string, value: string])[]
  readonly next: string | undefined
}

/** Entities in a Durable Object's SQLite; every call is synchronous, so each is atomic. */
export interface SqlStore {
  revision(): number
  page(after: string | undefined): EntryPage
  commit(expectedRevision: number, batch: Batch): CommitResult
  /** Whether any upstream asks for active health checks. */
  hasProbes(): boolean
}

/** Calls between Workers carry 32 MiB at most. */
const PAGE_CHARS = 4 * 1024 * 1024
const PAGE_ROWS = 2000

const PROBED_UPSTREAM = `
  SELECT 1 AS found FROM entries WHERE key >= 'upstreams:' AND key < 'upstreams;' AND (
    json_extract(value, '$.healthchecks.active.healthy.interval') > 0 OR
    json_extract(value, '$.healthchecks.active.unhealthy.interval') > 0
  ) LIMIT 1`

/** Opens the entities' tables, made at the first start. */
export function createSqlStore(storage: DurableObjectStorage): SqlStore {
  const { sql } = storage
  sql.exec(
    'CREATE TABLE IF NOT EXISTS entries (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID',
  )
  sql.exec(
    'CREATE TABLE IF NOT EXISTS revisions (id INTEGER PRIMARY KEY, revision INTEGER NOT NULL)',
  )
  sql.exec('INSERT OR IGNORE INTO revisions (id, revision) VALUES (1, 0)')

  return {
    revision: () => revisionOf(sql),
    page: (after) => pageOf(sql, after ?? ''),
    commit: (expectedRevision, batch) =>
      storage.transactionSync(() => commit(sql, expectedRevision, batch)),
    hasProbes: () => sql.exec(PROBED_UPSTREAM).toArray().length > 0,
  }
}

function revisionOf(sql: Sql): number {
  return Number(sql.exec('SELECT revision FROM revisions').toArray()[0]?.revision)
}

function pageOf(sql: Sql, after: string): EntryPage {
  const query = 'SELECT key, value FROM entries WHERE key > ? ORDER BY key LIMIT ?'
  const rows = sql.exec(query, after, PAGE_ROWS).toArray()
  const entries: [string, string][] = []
  let chars = 0
  for (const row of rows) {
    if (chars > PAGE_CHARS) break
    const entry: [string, string] = [String(row.key), String(row.value)]
    chars += entry[0].length + entry[1].length
    entries.push(entry)
  }
  const whole = rows.length < PAGE_ROWS && entries.length === rows.length
  return { revision: revisionOf(sql), entries, next: whole ? undefined : entries.at(-1)?.[0] }
}

function commit(sql: Sql, expectedRevision: number, batch: Batch): CommitResult {
  const revision = revisionOf(sql)
  if (revision !== expectedRevision) return { ok: false, revision }

  for (const key of batch.deletes) sql.exec('DELETE FROM entries WHERE key = ?', key)
  for (const { key, value } of batch.puts) {
    sql.exec(
      'INSERT OR REPLACE INTO entries (key, value) VALUES (?, ?)',
      key,
      JSON.stringify(value),
    )
  }
  sql.exec('UPDATE revisions SET revision = ?', revision + 1)
  return { ok: true, revision: revision + 1 }
}

/** Reads pages until they are all of one revision. */
export async function loadPages(
  page: (after: string | undefined) => Promise<EntryPage>,
): Promise<{ revision: number; entries: Entry[] }> {
  const entries: Entry[] = []
  let revision: number | undefined
  let next: string | undefined
  do {
    const read = await page(next)
    if (revision !== undefined && read.revision !== revision) return loadPages(page)
    revision = read.revision
    next = read.next
    // The text was made by JSON.stringify in `commit`.
    for (const [key, value] of read.entries) entries.push({ key, value: JSON.parse(value) as Json })
  } while (next !== undefined)
  return { revision, entries }
}
