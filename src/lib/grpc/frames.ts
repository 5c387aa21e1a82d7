import { joinBytes } from '../join-bytes.ts'

/** One message of a gRPC stream; the highest bit of `flags` marks trailers, the lowest compression. */
export interface Frame {
  readonly flags: number
  readonly message: Uint8Array
}

/** What marks the frame of trailers in gRPC-Web. */
export const TRAILERS = 0x80

/** Frames a message. */
export function writeFrame(flags: number, message: Uint8Array): Uint8Array<ArrayBuffer> {
  const frame = new Uint8Array(5 + message.length)
  frame[0] = flags
  new DataView(frame.buffer).setUint32(1, message.length)
  frame.set(message, 5)
  return frame
}

/** Takes messages out of bytes as they come. */
export interface FrameReader {
  /** The messages that are whole now; undefined once one is longer than allowed. */
  push(bytes: Uint8Array): Frame[] | undefined
  /** Whether nothing is left of a message. */
  readonly done: boolean
}

/** Reads messages of at most `limit` bytes. */
export function createFrameReader(limit: number): FrameReader {
  let rest: Uint8Array = new Uint8Array()
  return {
    push(bytes) {
      rest = rest.length === 0 ? bytes : joinBytes([rest, bytes])
      const frames: Frame[] = []
      while (rest.length >= 5) {
        const length = new DataView(rest.buffer, rest.byteOffset).getUint32(1)
        if (length > limit) return undefined
        if (rest.length < 5 + length) break
        frames.push({ flags: rest[0] ?? 0, message: rest.subarray(5, 5 + length) })
        rest = rest.subarray(5 + length)
      }
      return frames
    },
    get done() {
      return rest.length === 0
    },
  }
}
