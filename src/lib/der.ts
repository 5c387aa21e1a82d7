/** One value of DER, its inside not looked at yet: whoever reads asks level by level, so nothing nests. */
export interface DerValue {
  /** The first byte: class, whether it is made of others, and number. */
  readonly tag: number
  readonly content: Uint8Array
  /** Tag and length included. */
  readonly whole: Uint8Array
}

/** The tags that certificates and keys are made of. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
} as const

/** More than any certificate or key has side by side; the rest is no such thing. */
const MOST_VALUES = 1000

/** The values that stand side by side; undefined when the bytes are not exactly some. */
export function readValues(bytes: Uint8Array): DerValue[] | undefined {
  const values: DerValue[] = []
  for (let at = 0; at < bytes.length; ) {
    const value = readAt(bytes, at)
    if (value === undefined || values.length === MOST_VALUES) return undefined
    values.push(value)
    at += value.whole.length
  }
  return values
}

/** What a single sequence holds; undefined when the bytes are anything else. */
export function readSequence(bytes: Uint8Array | undefined): DerValue[] | undefined {
  const value = bytes === undefined ? undefined : readAt(bytes, 0)
  if (bytes === undefined || value?.tag !== TAG.sequence) return undefined
  return value.whole.length === bytes.length ? readValues(value.content) : undefined
}

/** What a value holds, when it has the tag. */
export function contentOf(value: DerValue | undefined, tag: number): Uint8Array | undefined {
  return value?.tag === tag ? value.content : undefined
}

/** The bytes of a bit string that is made of whole ones. */
export function bytesOfBits(value: DerValue | undefined): Uint8Array | undefined {
  const content = contentOf(value, TAG.bitString)
  return content !== undefined && content[0] === 0 ? content.subarray(1) : undefined
}

/** One value of the parts, each written already. */
export function writeValue(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  const head = [tag, ...lengthBytes(length)]
  const bytes = new Uint8Array(head.length + length)
  bytes.set(head)
  let at = head.length
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

function lengthBytes(length: number): number[] {
  if (length < 0x80) return [length]
  const bytes: number[] = []
  for (let left = length; left > 0; left = Math.floor(left / 256)) bytes.unshift(left % 256)
  return [0x80 + bytes.length, ...bytes]
}

function readAt(bytes: Uint8Array, start: number): DerValue | undefined {
  const tag = bytes[start]
  const first = bytes[start + 1]
  // Tags of several bytes, and lengths that come at the end, have no place in what is read here.
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return undefined
  if (first < 0x80) return valueAt(bytes, { start, tag, from: start + 2, length: first })

  const size = first & 0x7f
  if (size === 0 || size > 4) return undefined
  let length = 0
  for (let i = 0; i < size; i++) {
    const byte = bytes[start + 2 + i]
    if (byte === undefined) return undefined
    length = length * 256 + byte
  }
  return valueAt(bytes, { start, tag, from: start + 2 + size, length })
}

function valueAt(
  bytes: Uint8Array,
  { start, tag, from, length }: { start: number; tag: number; from: number; length: number },
): DerValue | undefined {
  const end = from + length
  if (end > bytes.length) return undefined
  return { tag, content: bytes.subarray(from, end), whole: bytes.subarray(start, end) }
}
