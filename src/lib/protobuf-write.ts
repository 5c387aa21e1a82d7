const encoder = new TextEncoder()

const VARINT = 0
const FIXED64 = 1
const LENGTH = 2
const FIXED32 = 5

/** A field of bytes, or a message within the message. */
export function protoBytes(field: number, bytes: Uint8Array): Uint8Array {
  if (field < 16 && bytes.length < 0x80) return shortBytes(field, bytes)
  const head = [...varint(tagOf(field, LENGTH)), ...varint(bytes.length)]
  const whole = new Uint8Array(head.length + bytes.length)
  whole.set(head)
  whole.set(bytes, head.length)
  return whole
}

/** The usual case, without a list of bytes on the way. */
function shortBytes(field: number, bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(2 + bytes.length)
  whole[0] = tagOf(field, LENGTH)
  whole[1] = bytes.length
  whole.set(bytes, 2)
  return whole
}

/** A field of text. */
export function protoText(field: number, text: string): Uint8Array {
  return protoBytes(field, encoder.encode(text))
}

/** A field of a whole number from 0 to 2^53, an enumeration or a boolean. */
export function protoVarint(field: number, value: number): Uint8Array {
  return Uint8Array.from([...varint(tagOf(field, VARINT)), ...varint(value)])
}

/** A field of eight bytes that hold a whole number. */
export function protoFixed64(field: number, value: bigint): Uint8Array {
  return fixed(field, 8, (view) => view.setBigUint64(0, value, true))
}

/** A field of four bytes that hold a whole number. */
export function protoFixed32(field: number, value: number): Uint8Array {
  return fixed(field, 4, (view) => view.setUint32(0, value, true))
}

/** A field of eight bytes that hold any number. */
export function protoDouble(field: number, value: number): Uint8Array {
  return fixed(field, 8, (view) => view.setFloat64(0, value, true))
}

function tagOf(field: number, type: number): number {
  return field * 8 + type
}

/** Seven bits a byte, the least first; the eighth bit tells that more follow. */
function varint(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  while (rest > 0x7f) {
    bytes.push((rest % 0x80) + 0x80)
    rest = Math.floor(rest / 0x80)
  }
  return [...bytes, rest]
}

function fixed(field: number, size: 4 | 8, write: (view: DataView) => void): Uint8Array {
  const tag = varint(tagOf(field, size === 8 ? FIXED64 : FIXED32))
  const whole = new Uint8Array(tag.length + size)
  whole.set(tag)
  write(new DataView(whole.buffer, tag.length))
  return whole
}
