import type { Body, ByteStream } from '../lib/bytes.ts'
import type { HeaderList } from '../lib/header-list.ts'

/** Bytes a head takes in HTTP/1.1, its first line of so many bytes included. */
export function headSize(firstLine: number, headers: readonly string[]): number {
  // `: ` behind each name and CRLF behind each value, and once more at the end.
  let size = firstLine + 2 + headers.length * 2
  for (let i = 0; i < headers.length; i++) size += headers[i]?.length ?? 0
  return size
}

/** What a body weighs: known, or the stream that tells while it passes. */
export interface Weighed {
  readonly body: Body | undefined
  /** Bytes so far. */
  size(): number
}

/**
 * Weighs a body without reading ahead or holding back. Only a stream of unknown length is watched,
 * and a web stream not even then: it must go through untouched.
 */
export function weigh(body: Body | undefined, headers: HeaderList): Weighed {
  if (body === undefined) return { body, size: nothing }
  if (body instanceof Uint8Array) return { body, size: () => body.length }
  const announced = announcedLength(headers)
  if (announced !== undefined) return { body, size: () => announced }
  return body instanceof ReadableStream ? { body, size: nothing } : watched(body)
}

const nothing = (): number => 0

function watched(body: ByteStream): Weighed {
  let size = 0
  const add = (step: IteratorResult<Uint8Array>): void => {
    if (step.done !== true) size += step.value.length
  }
  return {
    size: () => size,
    body: {
      [Symbol.asyncIterator]() {
        const inner = body[Symbol.asyncIterator]()
        return {
          next() {
            const step = inner.next()
            // Beside the reader, who waits for the very same promise.
            step.then(add, () => {})
            return step
          },
          async return() {
            await inner.return?.()
            return { done: true, value: undefined }
          },
        }
      },
    },
  }
}

/** The length a head announces for its body; undefined when it announces none. */
function announcedLength(headers: HeaderList): number | undefined {
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i]
    if (name?.length !== 14 || name.toLowerCase() !== 'content-length') continue
    const length = Number(headers[i + 1])
    return Number.isSafeInteger(length) && length >= 0 ? length : undefined
  }
  return undefined
}
