import type { ByteStream } from '../../lib/bytes.ts'
import { createFrameReader, writeFrame } from '../../lib/grpc/frames.ts'
import { decodeMessage } from '../../lib/protobuf/decode.ts'
import { encodeMessage } from '../../lib/protobuf/encode.ts'
import { ValueError } from '../../lib/protobuf/scalars.ts'
import type { MessageType } from '../../lib/protobuf/schema.ts'

/** A message as a frame, or why it is none. */
export function frameOf(type: MessageType, value: unknown): Uint8Array | string {
  try {
    return writeFrame(0, encodeMessage(type, value))
  } catch (error) {
    if (error instanceof ValueError) return error.message
    throw error
  }
}

const encoder = new TextEncoder()

/** What is the same for all messages of an answer. */
export interface Translation {
  readonly type: MessageType
  readonly limit: number
  /** What becomes of each message's JSON. */
  readonly piece: (json: Uint8Array) => Uint8Array
}

/** Translates an answer's messages to JSON, each as soon as it is whole. A broken one ends the answer. */
export async function* jsonMessages(body: ByteStream, { type, limit, piece }: Translation) {
  const reader = createFrameReader(limit)
  for await (const chunk of body) {
    const frames = reader.push(chunk)
    if (frames === undefined) throw new Error('a message of the upstream is too long')
    for (const { flags, message } of frames) {
      if (flags !== 0) throw new Error('a message of the upstream is compressed')
      yield piece(encoder.encode(JSON.stringify(decodeMessage(type, message))))
    }
  }
}
