import { fromByteString } from '../lib/byte-string.ts'
import { charsOf } from '../lib/latin1.ts'
import { boundaryOf, type Part, readMultipart } from '../lib/multipart.ts'
import { parseNested } from '../lib/nested-json.ts'
import { isObject } from '../schema/field.ts'
import type { Exchange } from './exchange.ts'

/** A body's form, as plugins look into it. */
export interface Form {
  readonly kind: 'urlencoded' | 'json' | 'multipart'
  /** Values by name; several of a name are a list. */
  readonly fields: Readonly<Record<string, unknown>>
  /** What a multipart form is made of. */
  readonly multipart?: Multipart
}

/** A multipart body, taken apart. */
interface Multipart {
  readonly parts: readonly Part[]
  readonly boundary: string
}

const decoder = new TextDecoder()

/** Reads a body that is a form of either kind or a JSON object, of at most `limit` bytes; undefined for any other. */
export async function readForm(
  { request }: Pick<Exchange, 'request'>,
  limit: number,
): Promise<Form | undefined> {
  const type = request.headers.get('content-type')
  const kind = kindOf(type)
  if (type === undefined || kind === undefined || !request.hasBody) return undefined
  const bytes = await request.readBody(limit)
  if (bytes === undefined) return undefined
  if (kind === 'multipart') return multipartForm(bytes, type)
  const text = decoder.decode(bytes)
  if (kind === 'urlencoded') return { kind, fields: fieldsOf(new URLSearchParams(text)) }
  const value = parseNested(text)
  return isObject(value) && !Array.isArray(value) ? { kind, fields: value } : undefined
}

/** Kong looks at how the type begins, so that `application/json-patch+json` is JSON too. */
function kindOf(type: string | undefined): Form['kind'] | undefined {
  const name = type?.trim().toLowerCase() ?? ''
  if (name.startsWith('application/x-www-form-urlencoded')) return 'urlencoded'
  if (name.startsWith('multipart/form-data')) return 'multipart'
  return name.startsWith('application/json') ? 'json' : undefined
}

function multipartForm(bytes: Uint8Array, type: string): Form | undefined {
  const boundary = boundaryOf(type)
  const parts = boundary === undefined ? undefined : readMultipart(charsOf(bytes), boundary)
  if (boundary === undefined || parts === undefined) return undefined
  const pairs = parts.flatMap(({ name, body }) =>
    name === undefined ? [] : [[name, fromByteString(body)] as const],
  )
  return { kind: 'multipart', fields: fieldsOf(pairs), multipart: { parts, boundary } }
}

function fieldsOf(
  pairs: Iterable<readonly [name: string, value: string]>,
): Readonly<Record<string, unknown>> {
  const fields = new Map<string, string | string[]>()
  // Once over all pairs: there may be a million, and whoever sends them need not be known.
  for (const [name, value] of pairs) {
    const known = fields.get(name)
    if (known === undefined) fields.set(name, value)
    else if (typeof known === 'string') fields.set(name, [known, value])
    else known.push(value)
  }
  return Object.fromEntries(fields)
}
