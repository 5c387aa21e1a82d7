import { headerTable } from '../../src/http/header-table.ts'
import type { Outgoing } from '../../src/ports/transport.ts'
import { textOf } from './byte-text.ts'
import { appendHeaders, editHeaders, headerEdit, type Wanted } from './header-edit.ts'
import { WorkersRequest } from './request.ts'

/** What `fetch` takes on Workers beyond the standard. */
interface WorkersRequestInit extends RequestInit {
  /** The body is handed on as it came: neither decoded nor encoded again. */
  readonly encodeResponseBody: 'manual'
}

/** Headers that `fetch` drops or writes by itself; Host is always the URL's, and Upgrade ours where a WebSocket is asked for. */
const OWNED_BY_FETCH = headerTable<'always' | 'mostly'>([
  ['host', 'always'],
  ['connection', 'always'],
  ['keep-alive', 'always'],
  ['te', 'always'],
  ['trailer', 'always'],
  ['transfer-encoding', 'always'],
  ['content-length', 'always'],
  ['upgrade', 'mostly'],
])

/** What a call has beside what is sent always. */
export interface CallParts {
  readonly body: BodyInit | undefined
  readonly signal?: AbortSignal
}

/** The address of a call. */
export function urlOf({ scheme, host, port, target }: Outgoing): string {
  const name = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
  // A URL would end at the first `#`; a request target has none.
  const path = target.includes('#') ? target.replaceAll('#', '%23') : target
  return `${scheme}://${name}:${port}${path}`
}

/** What `fetch` is told of it. */
export function initOf(outgoing: Outgoing, { body, signal }: CallParts): RequestInit {
  const init: WorkersRequestInit = {
    method: outgoing.method,
    headers: headersOf(outgoing),
    redirect: 'manual',
    encodeResponseBody: 'manual',
    // Null is none.
    body: body ?? null,
  }
  if (signal !== undefined) init.signal = signal
  return init
}

function headersOf({ headers, upgrade, client }: Outgoing): Record<string, string> | Headers {
  const wanted: Wanted = { headers, owns: (name) => isOwned(name, upgrade) }
  const copied = client instanceof WorkersRequest ? copyOf(client, wanted) : undefined
  return copied ?? recordOf(wanted)
}

/** The client's own, edited; undefined where none of them stays. */
function copyOf({ received, headers }: WorkersRequest, wanted: Wanted): Headers | undefined {
  if (received === undefined) return undefined
  const edit = headerEdit(headers, wanted)
  if (edit === undefined) return undefined
  const copy = new Headers(received)
  editHeaders(copy, wanted, edit)
  return copy
}

/**
 * A record is read in one call, where each `append` is one into the runtime. Names that differ in case
 * alone are joined there as well; only one that comes twice as it is takes `append`.
 */
function recordOf(wanted: Wanted): Record<string, string> | Headers {
  const { headers, owns } = wanted
  const record: Record<string, string> = Object.create(null)
  for (let i = 0; i < headers.length; i += 2) {
    // The loop keeps i and i + 1 below the list's even length.
    const name = headers[i] as string
    if (owns(name)) continue
    // Not `in`, which V8 leaves to its runtime here.
    if (record[name] !== undefined) return appended(wanted)
    record[name] = textOf(headers[i + 1] as string)
  }
  return record
}

function appended(wanted: Wanted): Headers {
  const headers = new Headers()
  appendHeaders(headers, wanted)
  return headers
}

function isOwned(name: string, upgrade: boolean): boolean {
  const owned = OWNED_BY_FETCH.find(name)
  return owned === 'always' || (owned === 'mostly' && !upgrade)
}
