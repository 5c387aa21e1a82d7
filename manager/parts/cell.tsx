import type { Child } from 'hono/jsx'
import { isRecord, type Row } from '../api.ts'
import { linkTo } from '../location.ts'
import { isSecret, Secret } from './secret.tsx'
import { TimeAgo } from './time-ago.tsx'
import { wordsOf } from './words.ts'

/** A dash for what is not there. */
export const NOTHING = <span class="soft">–</span>

/** What a field holds, to be read in a line: lists by commas, times in words, foreign rows as links. */
export function Cell({ field, value }: { field: string; value: unknown }): Child {
  if (value === null || value === undefined || value === '') return NOTHING
  if (typeof value === 'string' && isSecret(field)) {
    return <Secret value={value} label={wordsOf(field)} />
  }
  if (field.endsWith('_at')) return <TimeAgo at={value} />
  if (typeof value === 'boolean') return value ? 'Yes' : 'No'
  const other = foreignOf(field, value)
  if (other !== undefined) return <a href={linkTo([other.path, other.id])}>{shortId(other.id)}</a>
  if (Array.isArray(value)) return value.length === 0 ? NOTHING : value.map(textOf).join(', ')
  return textOf(value)
}

/** What a row has in a column; of `service.id` the whole reference. */
export function valueAt(row: Row, field: string): unknown {
  return row[field.replace(/\.id$/, '')]
}

/** What a plugin works for; nothing named means all requests. */
export function AppliedTo({ row }: { row: Row }) {
  const scopes = ['service', 'route', 'consumer'].flatMap((field) => {
    const other = foreignOf(field, row[field])
    return other === undefined ? [] : [{ field, ...other }]
  })
  if (scopes.length === 0) return <span class="tag">Global</span>
  return (
    <span class="tags">
      {scopes.map(({ field, path, id }) => (
        <a key={field} class="tag" href={linkTo([path, id])} title={id}>
          {wordsOf(field)}
        </a>
      ))}
    </span>
  )
}

/** Where the row that a field points at has its page. */
const FOREIGN: Readonly<Record<string, string>> = {
  service: 'services',
  route: 'routes',
  consumer: 'consumers',
  upstream: 'upstreams',
  certificate: 'certificates',
  client_certificate: 'certificates',
  set: 'key-sets',
}

function foreignOf(field: string, value: unknown): { path: string; id: string } | undefined {
  const path = FOREIGN[field.replace(/\.id$/, '')]
  if (path === undefined || !isRecord(value) || typeof value.id !== 'string') return undefined
  return { path, id: value.id }
}

/** Enough of a UUID to tell it from its neighbours. */
export function shortId(id: string): string {
  return /^[0-9a-f]{8}-/.test(id) ? id.slice(0, 8) : id
}

function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
