import type { Sql } from './platform.ts'

/** Keys with an end, in a Durable Object's SQLite; every call is synchronous, so each is atomic. */
export interface SqlKV {
  get(key: string): string | undefined
  set(key: string, value: string, ttl: number | undefined): void
  delete(key: string): void
  list(prefix: string): [key: string, value: string][]
  increment(key: string, by: number, ttl: number | undefined): number
  /** Deletes what has expired; whether there is more that will. */
  purge(): boolean
}

const TABLE =
  'CREATE TABLE IF NOT EXISTS pairs (key TEXT PRIMARY KEY, value TEXT NOT NULL, expires INTEGER) WITHOUT ROWID'
const GET = 'SELECT value FROM pairs WHERE key = ? AND (expires IS NULL OR expires > ?)'
const SET = 'INSERT OR REPLACE INTO pairs (key, value, expires) VALUES (?, ?, ?)'
const LIST =
  'SELECT key, value FROM pairs WHERE key >= ? AND key < ? AND (expires IS NULL OR expires > ?) ORDER BY key'

/** Opens the table, made at the first start. */
export function createSqlKV(sql: Sql, now: () => number): SqlKV {
  sql.exec(TABLE)
  const get = (key: string): string | undefined => {
    const row = sql.exec(GET, key, now()).toArray()[0]
    return row === undefined ? undefined : String(row.value)
  }
  const set = (key: string, value: string, ttl: number | undefined): void => {
    sql.exec(SET, key, value, ttl === undefined ? null : now() + ttl)
  }

  return {
    get,
    set,
    delete(key) {
      sql.exec('DELETE FROM pairs WHERE key = ?', key)
    },
    list(prefix) {
      const rows = sql.exec(LIST, prefix, `${prefix}\u{10ffff}`, now()).toArray()
      return rows.map((row) => [String(row.key), String(row.value)])
    },
    increment(key, by, ttl) {
      const current = get(key)
      if (current === undefined) {
        set(key, String(by), ttl)
        return by
      }
      const sum = Number(current) + by
      if (Number.isNaN(sum)) throw new Error(`Cannot add to "${current}"`)
      sql.exec('UPDATE pairs SET value = ? WHERE key = ?', String(sum), key)
      return sum
    },
    purge() {
      sql.exec('DELETE FROM pairs WHERE expires <= ?', now())
      return sql.exec('SELECT 1 FROM pairs WHERE expires > 0 LIMIT 1').toArray().length > 0
    },
  }
}
