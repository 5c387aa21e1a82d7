import type { ServerHttp2Stream } from 'node:http2'
import type { HeaderList } from '../../src/lib/header-list.ts'
import { withoutPseudo } from './h2-headers.ts'
import type { Upload, UploadSource } from './server-body.ts'

/** A request's body as an HTTP/2 stream brings it. */
export class StreamReader implements UploadSource {
  trailers: HeaderList = []
  readonly #stream: ServerHttp2Stream

  constructor(stream: ServerHttp2Stream) {
    this.#stream = stream
    stream.on('trailers', (_trailers: unknown, _flags: unknown, raw: string[]) => {
      this.trailers = withoutPseudo(raw)
    })
  }

  /** Nobody tells before it is read. */
  get complete(): boolean {
    return false
  }

  get gone(): boolean {
    return this.#stream.destroyed
  }

  start(upload: Upload): void {
    const stream = this.#stream
    stream.on('data', (chunk: Uint8Array) => upload.take(chunk))
    // A stream that is reset ends as if it were whole; one that is whole stays open for us.
    stream.on('end', () => {
      if (stream.closed || stream.rstCode !== 0) upload.cut()
      else upload.finish()
    })
    stream.on('error', () => upload.cut())
    stream.on('close', () => upload.cut())
  }

  pause(): void {
    this.#stream.pause()
  }

  resume(): void {
    this.#stream.resume()
  }

  drain(): void {
    this.#stream.resume()
  }
}
