import type { Answer } from '../ports/server.ts'

/** The start of an answer's body. */
export interface Preview {
  /** As text; null for bytes that are none. */
  readonly body: string | null
  /** Bytes that were read. */
  readonly body_bytes: number
  /** Whether there was more, or it did not end in time. */
  readonly body_cut: boolean
}

const MOST = 65_536
/** An answer may go on for ever. */
const PATIENCE = 10_000

/** Reads the start of an answer's body, and lets its sender know when no more is wanted. */
export async function readPreview(
  answer: Pick<Answer, 'body' | 'finished'>,
  patience = PATIENCE,
): Promise<Preview> {
  const { body, finished } = answer
  if (body === undefined || body instanceof Uint8Array) {
    finished?.(true)
    const bytes = body ?? new Uint8Array()
    return shown(bytes.subarray(0, MOST), bytes.length > MOST)
  }
  const { bytes, whole } = await readStart(body[Symbol.asyncIterator](), patience)
  finished?.(whole)
  return shown(bytes, !whole)
}

async function readStart(
  reader: AsyncIterator<Uint8Array>,
  patience: number,
): Promise<{ readonly bytes: Uint8Array; readonly whole: boolean }> {
  const start = new Uint8Array(MOST)
  let length = 0
  const timer = alarm(patience)
  try {
    for (;;) {
      const next = await Promise.race([reader.next(), timer.rung])
      if (next === 'rung') return { bytes: start.subarray(0, length), whole: false }
      if (next.done === true) return { bytes: start.subarray(0, length), whole: true }
      const room = next.value.subarray(0, MOST - length)
      start.set(room, length)
      length += room.length
      if (room.length < next.value.length) return { bytes: start, whole: false }
    }
  } catch {
    // It broke off: what came until then is shown.
    return { bytes: start.subarray(0, length), whole: false }
  } finally {
    timer.stop()
    // After the end this does nothing. One that hangs is not waited for.
    void reader.return?.()?.catch(() => undefined)
  }
}

function alarm(after: number): { readonly rung: Promise<'rung'>; stop(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  const rung = new Promise<'rung'>((resolve) => {
    timer = setTimeout(() => resolve('rung'), after)
  })
  return { rung, stop: () => clearTimeout(timer) }
}

function shown(bytes: Uint8Array, cut: boolean): Preview {
  return { body: textOf(bytes, cut), body_bytes: bytes.length, body_cut: cut }
}

/** A cut may be within a character. */
function textOf(bytes: Uint8Array, cut: boolean): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: cut })
  } catch {
    return null
  }
}
