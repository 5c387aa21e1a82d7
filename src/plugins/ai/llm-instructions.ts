import { toByteString } from '../../lib/byte-string.ts'
import type { HeaderList } from '../../lib/header-list.ts'
import { jsonComplaint } from '../../lib/json-complaint.ts'
import { isObject } from '../../schema/field.ts'
import { functionHeaders } from '../answers/function-answer.ts'
import { parseJson } from './json-reading.ts'

/** An answer as a model wants it. */
export interface Instructed {
  readonly status: number
  readonly headers: HeaderList
  readonly body: string
}

const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/** The answer that a model's JSON asks for (`headers`, `body`, `status`); a text says why it is none. */
export function readInstructions(text: string): Instructed | string {
  const value = parseJson(text)
  if (value === undefined) return jsonComplaint(toByteString(text))
  if (!isObject(value)) return 'input not table or string'
  const status = value.status ?? 200
  // A model may say anything.
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 200 || status > 599) {
    return 'status is no status of HTTP'
  }
  const body = value.body ?? value
  return {
    status,
    headers: headersIn(value.headers),
    body: typeof body === 'string' ? body : JSON.stringify(body),
  }
}

function headersIn(value: unknown): HeaderList {
  const { list, headers } = functionHeaders([])
  for (const [name, one] of Object.entries(isObject(value) ? value : {})) {
    const isText = typeof one === 'string' || typeof one === 'number'
    if (isText && NAME.test(name)) headers.set(name, `${one}`)
  }
  return list
}
