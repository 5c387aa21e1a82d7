import type { Content } from '../http/content.ts'
import { readUpTo } from '../lib/body-reading.ts'
import type { Body, ByteStream } from '../lib/bytes.ts'
import type { HeaderList } from '../lib/header-list.ts'
import type { AnswerSide, BodyWatcher } from '../pdk/exchange.ts'
import { ListHeaders, type MutableHeaders, mutableHeaders } from '../pdk/headers.ts'
import { withHyphens } from '../pdk/named-header.ts'

/** An answer as plugins see and change it. */
export class LiveAnswerSide implements AnswerSide {
  readonly #content: Content
  readonly source: AnswerSide['source']
  readonly serviceStatus: number | undefined
  #headers: MutableHeaders | undefined

  constructor(content: Content, { source, serviceStatus }: Made) {
    this.#content = content
    this.source = source
    this.serviceStatus = serviceStatus
  }

  get status(): number {
    return this.#content.status
  }

  set status(status: number) {
    if (status === this.#content.status) return
    this.#content.status = status
    this.#content.reason = ''
  }

  get headers(): MutableHeaders {
    this.#headers ??= new AnswerHeaders(this.#content.headers)
    return this.#headers
  }

  get hasBody(): boolean {
    return this.#content.body !== undefined
  }

  async readBody(limit: number): Promise<Uint8Array | undefined> {
    const { body } = this.#content
    if (body === undefined) return new Uint8Array()
    const read = await readUpTo(body, limit)
    this.#content.body = 'whole' in read ? read.whole : read.rest
    return 'whole' in read ? read.whole : undefined
  }

  setBody(bytes: Uint8Array): void {
    this.#replace(bytes)
    if (!this.#content.head) this.#content.headers.push('Content-Length', `${bytes.length}`)
  }

  transform(through: (body: ByteStream) => ByteStream): void {
    const { body } = this.#content
    if (body === undefined) return
    this.#replace(through(streamed(body)))
  }

  watch(watcher: BodyWatcher): void {
    const { body } = this.#content
    if (body !== undefined && !(body instanceof Uint8Array)) {
      this.#content.body = watched(body, watcher)
      return
    }
    if (body !== undefined) watcher.chunk(body)
    watcher.end(true)
  }

  get trailers(): (() => HeaderList) | undefined {
    return this.#content.trailers
  }

  setTrailers(trailers: () => HeaderList): void {
    this.#content.trailers = trailers
  }

  #replace(body: Body): void {
    mutableHeaders(this.#content.headers).delete('content-length')
    this.#content.body = this.#content.head ? undefined : body
  }
}

/** Who made an answer. */
export interface Made {
  readonly source: AnswerSide['source']
  readonly serviceStatus: number | undefined
}

/** What frames a message is not a plugin's to say. Kong: nginx writes the names plugins give with hyphens. */
class AnswerHeaders extends ListHeaders {
  override set(name: string, value: string | readonly string[]): void {
    super.set(withHyphens(name), value)
  }

  override add(name: string, value: string): void {
    super.add(withHyphens(name), value)
  }

  override delete(name: string): void {
    super.delete(name)
    if (name.includes('_')) super.delete(withHyphens(name))
  }

  protected override isWritable(name: string): boolean {
    return name !== 'transfer-encoding' && name !== 'connection'
  }
}

function streamed(body: Body): ByteStream {
  return body instanceof Uint8Array ? once(body) : body
}

/** Bytes as a stream of one piece. */
export async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

async function* watched(body: ByteStream, watcher: BodyWatcher): AsyncGenerator<Uint8Array> {
  let whole = false
  try {
    for await (const chunk of body) {
      watcher.chunk(chunk)
      yield chunk
    }
    whole = true
  } finally {
    watcher.end(whole)
  }
}
