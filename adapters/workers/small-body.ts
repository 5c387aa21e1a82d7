import type { Body } from '../../src/lib/bytes.ts'

/** Up to so many bytes a body is looked at; it has mostly come along with its head. */
const SMALL = 16_384

/** Whether a body of this length (undefined when nobody told) is one. */
export function isSmall(length: number | undefined): length is number {
  return length !== undefined && length >= 0 && length <= SMALL
}

/**
 * A small body in one piece where it has come whole: bytes are answered at half the price of a
 * stream whose end somebody waits for. What is still to come passes as it comes, and one cut short
 * fails where it is read.
 */
export async function smallBody(stream: ReadableStream<Uint8Array>, length: number): Promise<Body> {
  // Into bytes of ours: workerd makes 4 KiB for each read else, and collects garbage for them.
  const reader = stream.getReader({ mode: 'byob' })
  const reading = reader.read(new Uint8Array(length))
  const first = await reading.catch(() => undefined)
  const whole = first?.value?.length === length ? first.value : undefined
  return whole ?? remaining(reader, { reading, length })
}

interface Remaining {
  /** The one that is under way. */
  readonly reading: Promise<ReadableStreamReadResult<Uint8Array>>
  readonly length: number
}

async function* remaining(
  reader: ReadableStreamBYOBReader,
  { reading, length }: Remaining,
): AsyncGenerator<Uint8Array> {
  try {
    let step = await reading
    while (!step.done) {
      yield step.value
      step = await reader.read(new Uint8Array(length))
    }
  } finally {
    // Whoever stops reading wants no more of it; one that has ended or failed does not mind.
    await reader.cancel().catch(() => {})
  }
}
