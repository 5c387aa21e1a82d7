/** A field as it stands in a message: whole numbers, or bytes. */
export interface ProtoField {
  readonly field: number
  readonly number: bigint
  readonly bytes: Uint8Array
}

/** Reads a message's fields; of those of a fixed size the number is their bits. */
export function readProto(message: Uint8Array): ProtoField[] {
  const fields: ProtoField[] = []
  let at = 0
  const varint = (): bigint => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = message[at++] ?? 0
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
  }
  const none = new Uint8Array()
  while (at < message.length) {
    const tag = Number(varint())
    const [field, type] = [tag >> 3, tag & 7]
    if (type === 0) fields.push({ field, number: varint(), bytes: none })
    else {
      const size = type === 2 ? Number(varint()) : type === 1 ? 8 : 4
      const bytes = message.slice(at, at + size)
      at += size
      const number = [...bytes].reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
      fields.push({ field, number: type === 2 ? 0n : number, bytes })
    }
  }
  return fields
}

/** The first field of that number; empty when there is none. */
export function fieldOf(message: Uint8Array, field: number): ProtoField {
  const found = readProto(message).find((one) => one.field === field)
  return found ?? { field, number: 0n, bytes: new Uint8Array() }
}

/** What lies at the end of such a way through messages. */
export function inProto(message: Uint8Array, ...path: readonly number[]): Uint8Array {
  return path.reduce((inner, field) => fieldOf(inner, field).bytes, message)
}

/** Attributes of OTLP, by name. */
export function attributesIn(message: Uint8Array, field: number): Record<string, unknown> {
  const decoder = new TextDecoder()
  const pairs = readProto(message).filter((one) => one.field === field)
  return Object.fromEntries(
    pairs.map(({ bytes }) => {
      const [value] = readProto(inProto(bytes, 2))
      const told =
        value?.field === 1
          ? decoder.decode(value.bytes)
          : value?.field === 4
            ? new DataView(value.bytes.buffer).getFloat64(0, true)
            : value?.field === 2
              ? value.number === 1n
              : Number(value?.number)
      return [decoder.decode(inProto(bytes, 1)), told]
    }),
  )
}
