import { streamOf } from '../../lib/body-reading.ts'
import type { Body, ByteStream } from '../../lib/bytes.ts'

/** A gzipped body as it was before, as a stream. */
export function inflated(body: Body): ByteStream {
  const chunks = (body instanceof Uint8Array ? streamOf(body) : body)[Symbol.asyncIterator]()
  const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const step = await chunks.next()
      if (step.done === true) controller.close()
      else controller.enqueue(new Uint8Array(step.value))
    },
    async cancel() {
      await chunks.return?.()
    },
  })
  return source.pipeThrough(new DecompressionStream('gzip'))
}
