import type { Exchange } from '../../pdk/exchange.ts'
import { getOwn, isObject, setOwn } from '../../schema/field.ts'
import type { Binding } from './bindings.ts'

/** What a call's message is made of. */
export type Payload = Record<string, unknown>

/** Fields in the path. */
export function pathPayload({ regex, variables }: Binding, path: string): Payload | undefined {
  const found = regex.exec(path)
  if (found === undefined) return undefined
  const payload: Payload = {}
  for (const [i, name] of variables.entries()) put(payload, name, decoded(found.numbered[i + 1]))
  return payload
}

/** Fields in the query: `a.b` is a field of a field, several of a name are a list. */
export function addQuery(payload: Payload, { request }: Exchange): void {
  const found = new Map<string, unknown[]>()
  for (const [name, value] of request.queryArgs()) {
    found.set(name, [...(found.get(name) ?? []), value])
  }
  for (const [name, values] of found) put(payload, name, values.length > 1 ? values : values[0])
}

/** What the body says, of one field or of all; why it cannot, otherwise. */
export function addBody(payload: Payload, field: string, text: string): string | undefined {
  if (text === '') return undefined
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return 'body must be JSON'
  }
  if (field !== '*') setOwn(payload, field, value)
  else if (!isObject(value)) return 'body must be a table'
  else for (const [name, member] of Object.entries(value)) setOwn(payload, name, member)
  return undefined
}

function put(payload: Payload, path: string, value: unknown): void {
  const names = path.split('.').filter((name) => name !== '')
  const last = names.pop()
  if (last === undefined) return
  let at = payload
  for (const name of names) {
    const known = getOwn(at, name)
    const inner: Payload = isObject(known) ? { ...known } : {}
    setOwn(at, name, inner)
    at = inner
  }
  setOwn(at, last, value)
}

function decoded(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text)
  } catch {
    return text
  }
}
