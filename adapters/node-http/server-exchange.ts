import type { HeaderList } from '../../src/lib/header-list.ts'
import type { Address, Answer, ClientRequest, ClientTls } from '../../src/ports/server.ts'
import type { Upload } from './server-body.ts'
import type { Client } from './server-client.ts'
import type { Timed } from './timer-wheel.ts'
import { SocketTunnel } from './tunnel.ts'

/** A request's head as it was read. */
export interface ParsedHead {
  readonly method?: string | undefined
  readonly url?: string | undefined
  readonly rawHeaders: HeaderList
  readonly httpVersion: string
}

const VERSIONS: Readonly<Record<string, '1.0' | '2'>> = { '1.0': '1.0', '2.0': '2' }

/** Interim answers a request gets: nobody means more, and they wait for no client that reads slowly. */
const MOST_HINTS = 32

/** The way an answer goes out, as far as others than its writer need it. */
export interface Outlet {
  /** Sends an interim answer where the protocol and the client can have it. */
  inform(status: number, headers: HeaderList): void
  /** Breaks the answer off so that nobody takes it for whole. */
  cut(): void
}

/** One request of a client, from its head until its answer has left. */
export class Exchange implements ClientRequest, Timed {
  readonly method: string
  readonly target: string
  readonly headers: HeaderList
  readonly httpVersion: '1.0' | '1.1' | '2'
  readonly sni?: string
  readonly tls?: ClientTls
  readonly proxied?: Address
  readonly body: Upload | undefined
  readonly upgrade: boolean
  readonly client: Client
  /** The client wants to use the connection again. */
  keepAlive = false
  /** What its answer goes out by. */
  outlet: Outlet | undefined
  deadline = 0
  slot = 0
  place = 0
  gone = false
  /** The answer has left, or never will. */
  over = false
  #listeners: (() => void)[] | undefined
  #hints = 0
  #answer: Answer | undefined
  #reader: AsyncIterator<Uint8Array> | undefined
  #wake: (() => void) | undefined

  constructor(head: ParsedHead, client: Client, options: { body?: Upload; upgrade: boolean }) {
    this.method = head.method ?? ''
    this.target = head.url ?? ''
    this.headers = head.rawHeaders
    this.httpVersion = VERSIONS[head.httpVersion] ?? '1.1'
    if (client.sni !== undefined) this.sni = client.sni
    if (client.tls !== undefined) this.tls = client.tls
    if (client.proxied !== undefined) this.proxied = client.proxied
    this.body = options.body
    this.upgrade = options.upgrade
    this.client = client
    client.add(this)
  }

  get scheme(): 'http' | 'https' {
    return this.client.scheme
  }

  get ip(): string {
    return this.client.ip
  }

  get port(): number {
    return this.client.port
  }

  get localIp(): string | undefined {
    return this.client.localIp
  }

  get localPort(): number {
    return this.client.localPort
  }

  onGone(listener: () => void): void {
    if (this.gone) listener()
    else if (this.#listeners === undefined) this.#listeners = [listener]
    else this.#listeners.push(listener)
  }

  /** The answer to send; false when nobody waits for it any more, and it is let go. */
  accept(answer: Answer): boolean {
    if (this.over) {
      discard(answer)
      return false
    }
    this.#answer = answer
    return true
  }

  /** The answer's body is read here, so that a departure can end the reading. */
  reading(reader: AsyncIterator<Uint8Array>): void {
    this.#reader = reader
  }

  /** Waits until `resume` is called or the client leaves; one that reads nothing is cut off. */
  async paused(subscribe: (resume: () => void) => void): Promise<void> {
    const { wheel } = this.client.share
    this.watch()
    await new Promise<void>((resolve) => {
      this.#wake = resolve
      subscribe(resolve)
    })
    wheel.disarm(this)
  }

  /** The client has so long to take what was written. */
  watch(): void {
    const { wheel, sendTimeout } = this.client.share
    wheel.arm(this, sendTimeout)
  }

  /** The client has read nothing for too long. */
  expire(): void {
    this.outlet?.cut()
  }

  inform(status: number, headers: HeaderList): void {
    if (this.over || this.answering || this.#hints === MOST_HINTS) return
    this.#hints++
    this.outlet?.inform(status, headers)
  }

  /** The answer has left whole, or was cut. Only the first call counts. */
  settle(whole: boolean): void {
    if (this.over) return
    this.over = true
    this.client.share.wheel.forget(this)
    this.client.remove(this)
    if (whole) this.body?.release()
    this.#answer?.finished?.(whole)
  }

  /** The client has left before its answer was whole. */
  depart(): void {
    if (this.over) return
    this.gone = true
    this.settle(false)
    this.abandonBody()
    for (const listener of this.#listeners ?? []) listener()
    this.#wake?.()
  }

  /** Its answer has begun to go out. */
  get answering(): boolean {
    return this.#answer !== undefined
  }

  /** Ends the reading of the answer's body. */
  abandonBody(): void {
    const reader = this.#reader
    this.#reader = undefined
    reader?.return?.()?.then(undefined, ignore)
  }
}

/** Lets an answer go that nobody will read. */
export function discard(answer: Answer): void {
  dropBody(answer)
  if (answer.tunnel instanceof SocketTunnel) answer.tunnel.socket.destroy()
  answer.finished?.(false)
}

/** Tells a body's source that nobody reads it. */
export function dropBody({ body }: Answer): void {
  if (body === undefined || body instanceof Uint8Array) return
  body[Symbol.asyncIterator]().return?.()?.then(undefined, ignore)
}

function ignore(): void {}
