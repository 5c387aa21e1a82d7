import { httpDate } from '../../lib/cache-control.ts'
import { headerOf } from '../../lib/header-list.ts'
import type { ClientSide } from '../../pdk/exchange.ts'
import type { KeptAnswer } from './kept-answer.ts'

/** Whether a client says that it has this very answer already. */
export function isUnchanged({ headers }: ClientSide, kept: KeptAnswer): boolean {
  if (kept.status !== 200) return false
  const tags = headers.get('if-none-match')
  if (tags !== undefined) {
    const own = headerOf(kept.headers, 'etag')
    if (tags.trim() === '*') return true
    return own !== undefined && tags.split(',').some((tag) => opaque(tag) === opaque(own))
  }
  const since = httpDate(headers.get('if-modified-since'))
  const changed = httpDate(headerOf(kept.headers, 'last-modified'))
  return since !== undefined && changed !== undefined && changed <= since
}

/** RFC 9110, section 8.8.3.2: weak or not makes no difference here. */
function opaque(tag: string): string {
  return tag.trim().replace(/^W\//, '')
}
