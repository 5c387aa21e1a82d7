import type { Body, ByteStream } from '../lib/bytes.ts'
import type { RequestBody } from '../ports/server.ts'

/** A request's body as it goes to the upstream. */
export interface SendableBody {
  readonly body: Body | undefined
  /** Whether part of it has been taken, so that it cannot be sent again. */
  touched(): boolean
}

const SMALL = 65_536
const untouched = () => false

/** For requests without a body. */
export const NO_BODY: SendableBody = { body: undefined, touched: untouched }

/** Reads a small body whole if it may be, so that it can be sent twice; any other stays a stream. */
export async function sendableBody(body: RequestBody, buffering: boolean): Promise<SendableBody> {
  if (buffering && body.length !== undefined && body.length <= SMALL) {
    return { body: await body.bytes(), touched: untouched }
  }
  return watched(body.stream())
}

/** A body that plugins have made or read; bytes can be sent twice. */
export function preparedBody(body: Body): SendableBody {
  return body instanceof Uint8Array ? { body, touched: untouched } : watched(body)
}

/** A web stream tells by itself whether it was taken, and stays what transports pass on untouched. */
function watched(stream: ByteStream): SendableBody {
  if (stream instanceof ReadableStream) return { body: stream, touched: () => stream.locked }

  let touched = false
  return {
    body: {
      [Symbol.asyncIterator]() {
        touched = true
        return stream[Symbol.asyncIterator]()
      },
    },
    touched: () => touched,
  }
}
