import { jsonComplaint } from '../../lib/json-complaint.ts'
import { charsOf } from '../../lib/latin1.ts'
import { parseNested } from '../../lib/nested-json.ts'
import type { FieldKind, MessageType } from '../../lib/protobuf/schema.ts'
import type { Exchange } from '../../pdk/exchange.ts'
import { getOwn, isObject, setOwn } from '../../schema/field.ts'
import type { Binding } from './bindings.ts'

/** What a call's message is made of. */
export type Payload = Record<string, unknown>

/** Fields in the path. */
export function pathPayload(
  { regex, variables, target }: Binding,
  path: string,
): Payload | undefined {
  const found = regex.exec(path)
  if (found === undefined) return undefined
  const payload: Payload = {}
  for (const [i, name] of variables.entries()) {
    put(payload, name, readText(target.input, name, found.numbered[i + 1]))
  }
  return payload
}

/** Fields in the query: `a.b` is a field of a field, several of a name are a list. */
export function addQuery(payload: Payload, { request }: Exchange, type: MessageType): void {
  const found = new Map<string, unknown[]>()
  for (const [name, value] of request.queryArgs()) {
    found.set(name, [...(found.get(name) ?? []), readText(type, name, value)])
  }
  for (const [name, values] of found) put(payload, name, values.length > 1 ? values : values[0])
}

/** Kong: a text for a boolean may be a number, of which 0 alone is false. */
function readText(type: MessageType, path: string, text: unknown): unknown {
  if (typeof text !== 'string' || !/^\d+$/.test(text)) return text
  let at: MessageType | undefined = type
  const names = path.split('.').filter((name) => name !== '')
  const last = names.pop() ?? ''
  for (const name of names) {
    const kind: FieldKind | undefined = at?.byName.get(name)?.value
    at = kind?.kind === 'message' ? kind.message : undefined
  }
  const kind = at?.byName.get(last)?.value
  return kind?.kind === 'scalar' && kind.scalar === 'bool' ? Number(text) !== 0 : text
}

const DEEPEST = 100

/** The name of a field that is null, which Kong cannot encode; undefined when none is. */
export function nullField(type: MessageType, value: unknown, depth = 0): string | undefined {
  // What is deeper is refused when it is encoded.
  if (!isObject(value) || depth > DEEPEST) return undefined
  for (const [name, member] of Object.entries(value)) {
    const field = type.byName.get(name)
    if (field === undefined) continue
    if (member === null) return name
    if (field.value.kind !== 'message' || field.key !== undefined) continue
    const { message } = field.value
    const found = Array.isArray(member)
      ? member.map((one) => nullField(message, one, depth + 1)).find((one) => one !== undefined)
      : nullField(message, member, depth + 1)
    if (found !== undefined) return found
  }
  return undefined
}

/** What the body says, of one field or of all; why it cannot, otherwise. */
export function addBody(payload: Payload, field: string, body: Uint8Array): string | undefined {
  if (body.length === 0) return undefined
  const value = parseNested(new TextDecoder().decode(body))
  if (value === undefined) return `decode json err: ${jsonComplaint(charsOf(body))}`
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
