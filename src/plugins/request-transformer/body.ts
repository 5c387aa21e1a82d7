import { bytesOf, charsOf } from '../../lib/latin1.ts'
import { parseNested } from '../../lib/nested-json.ts'
import type { Table } from '../../lib/template/value.ts'
import type { Exchange } from '../../pdk/exchange.ts'
import { isObject } from '../../schema/field.ts'
import { type Args, argFields, readArgs, writeArgs } from './args.ts'
import { applyChanges, type Changes } from './changes.ts'
import { jsonFields } from './json-fields.ts'
import { changeMultipart } from './multipart-fields.ts'

/** The forms of a body that can be changed. */
export type BodyForm = 'json' | 'multipart' | 'urlencoded'

/** Kong: wherever in the Content-Type the word stands. */
export function bodyForm({ request }: Exchange): BodyForm | undefined {
  const type = request.headers.get('content-type')?.toLowerCase()
  if (type === undefined) return undefined
  if (type.includes('application/json')) return 'json'
  if (type.includes('multipart/form-data')) return 'multipart'
  return type.includes('application/x-www-form-urlencoded') ? 'urlencoded' : undefined
}

/** What changing a body takes. */
export interface BodyChange {
  readonly form: BodyForm
  readonly bytes: Uint8Array
  readonly changes: Changes
  readonly scope: Table
  /** Makes a boundary nobody can know. */
  readonly newBoundary: () => string
}

/** Changes the body that goes up; one that cannot be read goes on as it is. */
export function changeBody(exchange: Exchange, change: BodyChange): void {
  const changed = CHANGERS[change.form](change, exchange)
  if (changed !== undefined) exchange.upstream.setBody(changed)
}

type Changer = (change: BodyChange, exchange: Exchange) => Uint8Array | undefined

const CHANGERS: Readonly<Record<BodyForm, Changer>> = {
  json: changeJson,
  urlencoded: changeUrlencoded,
  multipart({ bytes, ...change }, exchange) {
    const changed = changeMultipart({ ...change, body: charsOf(bytes) }, exchange)
    return changed === undefined ? undefined : bytesOf(changed)
  },
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

function changeJson({ bytes, changes, scope }: BodyChange): Uint8Array | undefined {
  const empty = bytes.length === 0
  const value = empty ? {} : parseNested(decoder.decode(bytes))
  if (!isObject(value)) return undefined
  const fields: Record<string, unknown> = { ...value }
  const changed = applyChanges(jsonFields(fields), changes, { scope, empty })
  // Kong: what comes to nothing leaves every byte as it was.
  return changed ? encoder.encode(JSON.stringify(fields)) : undefined
}

function changeUrlencoded({ bytes, changes, scope }: BodyChange): Uint8Array | undefined {
  const args = formArgs(bytes)
  const changed = applyChanges(argFields(args), changes, { scope, empty: bytes.length === 0 })
  return changed ? encoder.encode(writeArgs(args)) : undefined
}

/** The fields of a form. */
export function formArgs(bytes: Uint8Array): Args {
  return readArgs(decoder.decode(bytes))
}
