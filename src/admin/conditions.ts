import { sha1 } from '../lib/sha1.ts'
import type { Row } from '../schema/entity.ts'
import { PreconditionFailed } from '../store/precondition-failed.ts'
import type { Reply } from './reply.ts'
import type { Call } from './resource.ts'

const CHANGED = 'This was changed since you read it: GET it again and repeat with its new ETag'
const ABSENT = 'Nothing is there to match: leave out If-Match to create it'
const PRESENT = 'This is there already: leave out If-None-Match to replace it'

/** The ETag of an entity: the same for the same members, whatever time it has left to live. */
export function etagOf(row: Row): string {
  const { ttl: _left, ...lasting } = row
  const digest = sha1(new TextEncoder().encode(JSON.stringify(lasting)))
  return `"${btoa(String.fromCharCode(...digest))}"`
}

/** One entity as an answer, with its ETag. */
export function itemReply(row: Row, status = 200): Reply {
  return { status, body: row, headers: { ETag: etagOf(row) } }
}

/** The answer to a GET of one entity: 304 when the client has it already. */
export function readReply(call: Call, row: Row): Reply {
  const known = call.header('if-none-match')
  const reply = itemReply(row)
  const { headers } = reply
  if (known === undefined || headers === undefined) return reply
  return lists(known.replaceAll('W/', ''), headers.ETag) ? { status: 304, headers } : reply
}

/** Throws when the row is not what the client of a write believes; to be asked inside the commit. */
export function judge(call: Call, row: Row | undefined): void {
  const wanted = call.header('if-match')
  if (wanted !== undefined) {
    if (row === undefined) throw new PreconditionFailed(ABSENT)
    if (!lists(wanted, etagOf(row))) throw new PreconditionFailed(CHANGED)
  }
  const unwanted = call.header('if-none-match')
  if (unwanted !== undefined && row !== undefined && lists(unwanted, etagOf(row))) {
    throw new PreconditionFailed(PRESENT)
  }
}

/** The same question, as a write asks it inside its commit. */
export function judging(call: Call): { readonly expect: (row: Row | undefined) => void } {
  return { expect: (row) => judge(call, row) }
}

function lists(header: string, etag: string | undefined): boolean {
  const tags = header.split(',').map((tag) => tag.trim())
  return tags.some((tag) => tag === '*' || tag === etag)
}
