import { isObject } from '../schema/field.ts'
import type { Exchange } from './exchange.ts'

/** A body's form, as plugins look into it. */
export interface Form {
  readonly kind: 'urlencoded' | 'json'
  /** Values by name; several of a name are a list. */
  readonly fields: Readonly<Record<string, unknown>>
}

const decoder = new TextDecoder()

/** Reads a body that is a form or a JSON object of at most `limit` bytes; undefined for any other. */
export async function readForm(
  { request }: Pick<Exchange, 'request'>,
  limit: number,
): Promise<Form | undefined> {
  const kind = kindOf(request.headers.get('content-type'))
  if (kind === undefined || !request.hasBody) return undefined
  const bytes = await request.readBody(limit)
  if (bytes === undefined) return undefined
  const text = decoder.decode(bytes)
  if (kind === 'urlencoded') return { kind, fields: fieldsOf(new URLSearchParams(text)) }
  const value = parsed(text)
  return isObject(value) && !Array.isArray(value) ? { kind, fields: value } : undefined
}

function kindOf(type: string | undefined): Form['kind'] | undefined {
  const name = type?.split(';', 1)[0]?.trim().toLowerCase()
  if (name === 'application/x-www-form-urlencoded') return 'urlencoded'
  return name === 'application/json' ? 'json' : undefined
}

function fieldsOf(params: URLSearchParams): Readonly<Record<string, unknown>> {
  const names = new Set(params.keys())
  return Object.fromEntries(
    Array.from(names, (name) => {
      const values = params.getAll(name)
      return [name, values.length === 1 ? values[0] : values]
    }),
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
