/** Bytes of a message that are no message. */
export class WireError extends Error {
  override readonly name = 'WireError'
}

/** Writes the few forms values have. */
export interface ByteWriter {
  varint(value: bigint): void
  fixed32(value: bigint): void
  fixed64(value: bigint): void
  float(value: number): void
  double(value: number): void
  /** With their length before them. */
  bytes(value: Uint8Array): void
  /** What was written. */
  whole(): Uint8Array
}

/** Bytes with room for more behind them. */
interface Growing {
  buffer: Uint8Array
  view: DataView
  length: number
}

/** Starts empty. */
export function createWriter(): ByteWriter {
  const buffer = new Uint8Array(64)
  const growing: Growing = { buffer, view: new DataView(buffer.buffer), length: 0 }
  // Room is made first, for it may put another view in the place of this one.
  return {
    varint: (value) => writeVarint(growing, value),
    fixed32(value) {
      const at = room(growing, 4)
      growing.view.setUint32(at, Number(BigInt.asUintN(32, value)), true)
    },
    fixed64(value) {
      const at = room(growing, 8)
      growing.view.setBigUint64(at, BigInt.asUintN(64, value), true)
    },
    float(value) {
      const at = room(growing, 4)
      growing.view.setFloat32(at, value, true)
    },
    double(value) {
      const at = room(growing, 8)
      growing.view.setFloat64(at, value, true)
    },
    bytes(value) {
      writeVarint(growing, BigInt(value.length))
      const at = room(growing, value.length)
      growing.buffer.set(value, at)
    },
    whole: () => growing.buffer.slice(0, growing.length),
  }
}

function writeVarint(growing: Growing, value: bigint): void {
  let rest = value
  for (; rest > 127n; rest >>= 7n) {
    const at = room(growing, 1)
    growing.buffer[at] = Number(rest & 127n) | 128
  }
  const at = room(growing, 1)
  growing.buffer[at] = Number(rest)
}

/** Takes so many bytes; gives where they begin. */
function room(growing: Growing, more: number): number {
  const at = growing.length
  growing.length += more
  if (growing.length > growing.buffer.length) {
    const bigger = new Uint8Array(Math.max(growing.length, growing.buffer.length * 2))
    bigger.set(growing.buffer)
    growing.buffer = bigger
    growing.view = new DataView(bigger.buffer)
  }
  return at
}

/** Reads them; throws a WireError where bytes are missing. */
export interface ByteReader {
  readonly done: boolean
  varint(): bigint
  fixed32(): bigint
  fixed64(): bigint
  float(): number
  double(): number
  bytes(): Uint8Array
}

/** Starts at the beginning. */
export function createReader(bytes: Uint8Array): ByteReader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let at = 0
  const take = (count: number): number => {
    const from = at
    if (count > bytes.length - from) throw new WireError('a message is cut short')
    at += count
    return from
  }
  const varint = (): bigint => {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[take(1)] ?? 0
      value |= BigInt(byte & 127) << shift
      if (byte < 128) return BigInt.asUintN(64, value)
    }
    throw new WireError('a number is too long')
  }
  return {
    get done() {
      return at >= bytes.length
    },
    varint,
    fixed32: () => BigInt(view.getUint32(take(4), true)),
    fixed64: () => view.getBigUint64(take(8), true),
    float: () => view.getFloat32(take(4), true),
    double: () => view.getFloat64(take(8), true),
    bytes() {
      const length = Number(varint())
      const from = take(length)
      return bytes.subarray(from, from + length)
    },
  }
}
