import type { ByteStream } from '../../src/lib/bytes.ts'

/** Where a queue's bytes come from, held back while the reader is slow. */
export interface ByteSource {
  pause(): void
  resume(): void
  /** The reader has turned away before the end. */
  cancel(): void
}

const HIGH_WATER = 128 * 1024
const LOW_WATER = 32 * 1024

type Result = IteratorResult<Uint8Array, undefined>
const END: Result = { value: undefined, done: true }

/** Bytes pushed on one side and pulled on the other, by one reader, once. */
export class ByteQueue implements ByteStream, AsyncIterator<Uint8Array, undefined> {
  readonly #source: ByteSource
  readonly #chunks: Uint8Array[] = []
  #next = 0
  #size = 0
  #paused = false
  #ended = false
  #error: Error | undefined
  #resolve: ((result: Result) => void) | undefined
  #reject: ((error: Error) => void) | undefined

  constructor(source: ByteSource) {
    this.#source = source
  }

  push(chunk: Uint8Array): void {
    if (this.#ended || chunk.length === 0) return
    const resolve = this.#resolve
    if (resolve !== undefined) {
      this.#resolve = undefined
      resolve({ value: chunk, done: false })
      return
    }
    this.#chunks.push(chunk)
    this.#size += chunk.length
    if (this.#size >= HIGH_WATER && !this.#paused) {
      this.#paused = true
      this.#source.pause()
    }
  }

  end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#resolve?.(END)
  }

  /** What was pushed before is still read; then reading throws. */
  fail(error: Error): void {
    if (this.#ended) return
    this.#ended = true
    if (this.#resolve === undefined) this.#error = error
    else this.#reject?.(error)
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<Result> {
    const chunk = this.#shift()
    if (chunk !== undefined) return Promise.resolve({ value: chunk, done: false })
    if (this.#error !== undefined) return Promise.reject(this.#error)
    if (this.#ended) return Promise.resolve(END)
    return new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  return(): Promise<Result> {
    this.#chunks.length = 0
    this.#next = 0
    this.#size = 0
    this.#error = undefined
    if (!this.#ended) {
      this.end()
      this.#source.cancel()
    }
    return Promise.resolve(END)
  }

  #shift(): Uint8Array | undefined {
    const chunk = this.#chunks[this.#next]
    if (chunk === undefined) return undefined
    this.#next++
    if (this.#next === this.#chunks.length) {
      this.#chunks.length = 0
      this.#next = 0
    }
    this.#size -= chunk.length
    if (this.#paused && this.#size <= LOW_WATER) {
      this.#paused = false
      this.#source.resume()
    }
    return chunk
  }
}
