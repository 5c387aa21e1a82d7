import { type Scalar, ValueError, wireTypeOf, writeScalar } from './scalars.ts'
import type { FieldKind, FieldType, MessageType } from './schema.ts'
import { TIMESTAMP, timestampFields } from './timestamp.ts'
import { type ByteWriter, createWriter } from './wire.ts'

/** Deeper messages are nobody's, and the stack would end. */
const DEEPEST = 100

/** Encodes a JSON object; names that are no field's are left out. Throws a ValueError. */
export function encodeMessage(message: MessageType, value: unknown, depth = 0): Uint8Array {
  if (!isMembers(value)) throw new ValueError('expected an object')
  if (depth > DEEPEST) throw new ValueError('too deep')
  const writer = createWriter()
  for (const [name, member] of Object.entries(value)) {
    const field = message.byName.get(name)
    if (field === undefined || member === null || member === undefined) continue
    try {
      writeField(writer, field, { value: member, depth })
    } catch (error) {
      if (!(error instanceof ValueError)) throw error
      throw new ValueError(
        error.message.startsWith("'") ? error.message : `'${name}': ${error.message}`,
      )
    }
  }
  return writer.whole()
}

interface Member {
  readonly value: unknown
  readonly depth: number
}

function isMembers(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function writeField(writer: ByteWriter, field: FieldType, { value, depth }: Member): void {
  if (field.key !== undefined) {
    writeMap(writer, field, { value, depth })
    return
  }
  // A query says each value by itself.
  const several = field.label === 'repeated' && Array.isArray(value) ? value : [value]
  if (field.label !== 'repeated' && Array.isArray(value)) throw new ValueError('expected one value')
  for (const one of several) writeTagged(writer, field, { value: one, depth })
}

function writeTagged(
  writer: ByteWriter,
  { number, value: kind }: Pick<FieldType, 'number' | 'value'>,
  { value, depth }: Member,
): void {
  const wireType = kind.kind === 'message' ? 2 : kind.kind === 'enum' ? 0 : wireTypeOf(kind.scalar)
  writer.varint(BigInt(number * 8 + wireType))
  writeValue(writer, kind, { value, depth })
}

function writeValue(writer: ByteWriter, kind: FieldKind, { value, depth }: Member): void {
  if (kind.kind === 'scalar') writeScalar(writer, kind.scalar, value)
  else if (kind.kind === 'message') {
    const isTime = typeof value === 'string' && kind.message.name === TIMESTAMP
    const members = isTime ? timestampFields(value) : value
    writer.bytes(encodeMessage(kind.message, members, depth + 1))
  } else writeScalar(writer, 'int32', enumNumber(kind.values, value))
}

function enumNumber(values: ReadonlyMap<string, number>, value: unknown): unknown {
  const found = typeof value === 'string' ? values.get(value) : undefined
  return found ?? value
}

/** A map is a list of entries, of key 1 and value 2 each. */
function writeMap(
  writer: ByteWriter,
  { number, key, value: kind }: FieldType,
  { value, depth }: Member,
): void {
  if (!isMembers(value)) throw new ValueError('expected an object')
  const keyKind: FieldKind = { kind: 'scalar', scalar: key ?? ('string' satisfies Scalar) }
  for (const [name, member] of Object.entries(value)) {
    const entry = createWriter()
    writeTagged(entry, { number: 1, value: keyKind }, { value: name, depth })
    writeTagged(entry, { number: 2, value: kind }, { value: member, depth })
    writer.varint(BigInt(number * 8 + 2))
    writer.bytes(entry.whole())
  }
}
