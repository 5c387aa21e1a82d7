import type { Body, ByteStream } from './bytes.ts'
import { joinBytes } from './join-bytes.ts'

/** A body that was read: whole, or still on its way because it was too long. */
export type ReadBody = { readonly whole: Uint8Array } | { readonly rest: ByteStream }

/** Reads a body of at most `limit` bytes; a longer one comes back as a stream that has lost nothing. */
export async function readUpTo(body: Body, limit: number): Promise<ReadBody> {
  if (body instanceof Uint8Array) {
    return body.length <= limit ? { whole: body } : { rest: streamOf(body) }
  }
  const chunks: Uint8Array[] = []
  let length = 0
  const reader = body[Symbol.asyncIterator]()
  for (;;) {
    const step = await reader.next()
    if (step.done === true) return { whole: joinBytes(chunks) }
    chunks.push(step.value)
    length += step.value.length
    if (length > limit) return { rest: goOn(chunks, reader) }
  }
}

/** Some bytes, as a stream. */
export async function* streamOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.length > 0) yield bytes
}

async function* goOn(
  chunks: Uint8Array[],
  reader: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let ended = false
  try {
    for (let chunk = chunks.shift(); chunk !== undefined; chunk = chunks.shift()) yield chunk
    for (;;) {
      const step = await reader.next()
      if (step.done === true) {
        ended = true
        return
      }
      yield step.value
    }
  } finally {
    if (!ended) await reader.return?.()
  }
}

/** Lets go of a body nobody reads. */
export function dropBody(body: Body | undefined): void {
  if (body === undefined || body instanceof Uint8Array) return
  // Nobody waits for it, and how it ends concerns nobody.
  void body[Symbol.asyncIterator]()
    .return?.()
    .catch(() => {})
}
