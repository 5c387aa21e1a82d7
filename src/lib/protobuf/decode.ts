import { readScalar, type Scalar, wireTypeOf, zeroOf } from './scalars.ts'
import type { FieldKind, FieldType, MessageType } from './schema.ts'
import { TIMESTAMP, timestampText } from './timestamp.ts'
import { type ByteReader, createReader, WireError } from './wire.ts'

/** Deeper messages are nobody's, and the stack would end. */
const DEEPEST = 100

/** Decodes a message to a JSON object. Fields not sent are zero, lists empty, messages absent. */
export function decodeMessage(
  message: MessageType,
  bytes: Uint8Array,
  depth = 0,
): Readonly<Record<string, unknown>> {
  if (depth > DEEPEST) throw new WireError('a message is nested too deep')
  const found = new Map<string, unknown>(message.fields.flatMap(zeroEntry))
  const reader = createReader(bytes)
  while (!reader.done) {
    const tag = Number(reader.varint())
    const wireType = tag & 7
    const field = message.byNumber.get(Math.floor(tag / 8))
    if (field === undefined || !fits(field, wireType)) skip(reader, wireType)
    else readField(reader, { field, wireType, found, depth })
  }
  return Object.fromEntries(found)
}

function zeroEntry({ name, label, key, value }: FieldType): [string, unknown][] {
  if (key !== undefined) return [[name, {}]]
  if (label === 'repeated') return [[name, []]]
  if (label === 'optional' || value.kind === 'message') return []
  return [[name, value.kind === 'enum' ? (value.names.get(0) ?? 0) : zeroOf(value.scalar)]]
}

function wireTypeFor(kind: FieldKind): number {
  return kind.kind === 'message' ? 2 : kind.kind === 'enum' ? 0 : wireTypeOf(kind.scalar)
}

/** Numbers of a list may come packed into one. */
function fits({ label, value, key }: FieldType, wireType: number): boolean {
  if (key !== undefined) return wireType === 2
  return wireType === wireTypeFor(value) || (label === 'repeated' && wireType === 2)
}

interface Reading {
  readonly field: FieldType
  readonly wireType: number
  readonly found: Map<string, unknown>
  readonly depth: number
}

function readField(reader: ByteReader, { field, wireType, found, depth }: Reading): void {
  const { name, value: kind, key, label } = field
  if (key !== undefined) {
    const [entryKey, entryValue] = readEntry(reader.bytes(), { key, kind, depth })
    // A map has its entries there from the start.
    const entries = { ...(found.get(name) as object) }
    Object.defineProperty(entries, String(entryKey), { value: entryValue, ...PLAIN })
    found.set(name, entries)
    return
  }
  if (label !== 'repeated') {
    found.set(name, readValue(reader, kind, depth))
    return
  }
  // A list was put there before, and nothing else is.
  const list = found.get(name) as unknown[]
  if (wireType === wireTypeFor(kind)) list.push(readValue(reader, kind, depth))
  else {
    const packed = createReader(reader.bytes())
    while (!packed.done) list.push(readValue(packed, kind, depth))
  }
}

const PLAIN = { enumerable: true, configurable: true, writable: true }

function readValue(reader: ByteReader, kind: FieldKind, depth: number): unknown {
  if (kind.kind === 'scalar') return readScalar(reader, kind.scalar)
  if (kind.kind === 'message') {
    const members = decodeMessage(kind.message, reader.bytes(), depth + 1)
    return kind.message.name === TIMESTAMP ? (timestampText(members) ?? members) : members
  }
  const number = Number(BigInt.asIntN(32, reader.varint()))
  return kind.names.get(number) ?? number
}

interface EntryTypes {
  readonly key: Scalar
  readonly kind: FieldKind
  readonly depth: number
}

function readEntry(bytes: Uint8Array, { key, kind, depth }: EntryTypes): [unknown, unknown] {
  const reader = createReader(bytes)
  let entryKey = zeroOf(key)
  let entryValue: unknown =
    kind.kind === 'scalar' ? zeroOf(kind.scalar) : kind.kind === 'enum' ? kind.names.get(0) : {}
  while (!reader.done) {
    const tag = Number(reader.varint())
    if (tag === 8 + wireTypeOf(key)) entryKey = readScalar(reader, key)
    else if (tag === 16 + wireTypeFor(kind)) entryValue = readValue(reader, kind, depth)
    else skip(reader, tag & 7)
  }
  return [entryKey, entryValue]
}

function skip(reader: ByteReader, wireType: number): void {
  if (wireType === 0) reader.varint()
  else if (wireType === 1) reader.fixed64()
  else if (wireType === 2) reader.bytes()
  else if (wireType === 5) reader.fixed32()
  else throw new WireError('a message has an unknown form')
}
