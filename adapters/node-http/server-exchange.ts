import { type HeaderList, headersOf } from '../../src/lib/header-list.ts'
import type { Address, Answer, ClientRequest } from '../../src/ports/server.ts'
import type { Upload } from './server-body.ts'
import type { Client } from './server-client.ts'
import type { Timed } from './timer-wheel.ts'
import { SocketTunnel } from './tunnel.ts'

/** The head a runtime's server has parsed; IncomingMessage is one. */
export interface ParsedHead {
  readonly method?: string | undefined
  readonly url?: string | undefined
  readonly rawHeaders: HeaderList
  readonly httpVersion: string
}

const VERSIONS: Readonly<Record<string, '1.0' | '2'>> = { '1.0': '1.0', '2.0': '2' }

/** What HTTP/1.1 sends interim answers by; a ServerResponse is one. */
export interface InterimWriter {
  writeEarlyHints(hints: Record<string, string | string[]>): void
}

/** The way an answer goes out in HTTP/2, as far as others than its writer need it. */
export interface Outlet {
  /** Sends an interim answer, unless the final one has begun. */
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
  readonly proxied?: Address
  readonly body: Upload | undefined
  readonly upgrade: boolean
  readonly client: Client
  /** The client wants to use the connection again. */
  keepAlive = false
  /** What its answer goes out by, in HTTP/1.1, where interim answers may go before it. */
  response: InterimWriter | undefined
  /** The same in HTTP/2. */
  outlet: Outlet | undefined
  deadline = 0
  slot = 0
  place = 0
  gone = false
  /** The answer has left, or never will. */
  over = false
  #listeners: (() => void)[] | undefined
  #answer: Answer | undefined
  #reader: AsyncIterator<Uint8Array> | undefined
  #wake: (() => void) | undefined

  constructor(head: ParsedHead, client: Client, options: { body?: Upload; upgrade: boolean }) {
    this.method = head.method ?? ''
    this.target = head.url ?? ''
    this.headers = head.rawHeaders
    this.httpVersion = VERSIONS[head.httpVersion] ?? '1.1'
    if (client.sni !== undefined) this.sni = client.sni
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
    if (this.httpVersion === '2') this.outlet?.cut()
    else this.client.socket.destroy()
  }

  inform(status: number, headers: HeaderList): void {
    if (this.over || this.answering) return
    if (this.outlet !== undefined) this.outlet.inform(status, headers)
    else if (status === 103 && this.response !== undefined) writeHints(this.response, headers)
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

/** Early hints are links; what else an upstream says early is for nobody. */
function writeHints(response: InterimWriter, headers: HeaderList): void {
  const links = headersOf(headers, 'link')
  if (links.length === 0) return
  try {
    response.writeEarlyHints({ link: links })
  } catch {
    // The runtime refuses links it cannot read: hints that do not help.
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
