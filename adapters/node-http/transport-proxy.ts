import type { Buffer } from 'node:buffer'
import { connect, isIPv6, type Socket } from 'node:net'
import type { HeaderList } from '../../src/lib/header-list.ts'
import type { Failure, HttpProxy, Outgoing } from '../../src/ports/transport.ts'
import { lossCode } from './lack-of-files.ts'
import type { Timed, TimerWheel } from './timer-wheel.ts'
import { addressOf, connectPhase } from './transport-connect.ts'
import { refusal, refusalOf } from './transport-refusal.ts'
import { encodeRequestHead } from './transport-request.ts'

/** A request, and the proxy it goes by. */
export interface Proxied {
  readonly outgoing: Outgoing
  readonly proxy: HttpProxy
}

/** What becomes of a tunnel that is asked for: one of these is called, once. */
export interface TunnelEnds {
  opened(socket: Socket): void
  failed(failure: Failure): void
}

/** Has a proxy open a tunnel to where a request goes. */
export function openTunnel(wheel: TimerWheel, proxied: Proxied, ends: TunnelEnds): void {
  const head = encodeRequestHead(connectRequest(proxied))
  if (head === undefined) {
    ends.failed(refusal('BAD_REQUEST'))
    return
  }
  try {
    new Dial(wheel, { ...proxied, head: head.text, ends })
  } catch (error) {
    ends.failed(refusalOf(error, proxied.outgoing))
  }
}

/** A request's place; without the port where it is the one that goes without saying. */
export function authorityOf({ host, port }: Outgoing, usual?: number): string {
  const name = isIPv6(host) ? `[${host}]` : host
  return port === usual ? name : `${name}:${port}`
}

function connectRequest({ outgoing, proxy }: Proxied) {
  const target = authorityOf(outgoing)
  const headers = ['Host', target, ...proofFor(proxy)]
  return { method: 'CONNECT', target, headers, body: undefined }
}

/** The header that tells a proxy who asks, name and value in turn; for the proxy alone. */
export function proofFor({ authorization }: HttpProxy): HeaderList {
  return authorization === undefined ? [] : ['Proxy-Authorization', authorization]
}

interface Dialling extends Proxied {
  readonly head: string
  readonly ends: TunnelEnds
}

/** No proxy has more to say before the tunnel, in bytes. */
const HEAD_LIMIT = 16 * 1024
const HEAD_END = '\r\n\r\n'
const PROTOCOL = 'HTTP/1.'
const STATUS_LINE = /^HTTP\/1\.[01] ([1-9]\d\d)(?: [^\r\n]*)?\r\n/

/** A connection to a proxy until its tunnel stands. */
class Dial implements Timed {
  deadline = 0
  slot = 0
  place = 0
  readonly #wheel: TimerWheel
  readonly #dialling: Dialling
  readonly #socket: Socket
  #connected = false
  #over = false
  #text = ''

  constructor(wheel: TimerWheel, dialling: Dialling) {
    const { outgoing, proxy } = dialling
    this.#wheel = wheel
    this.#dialling = dialling
    this.#socket = connect({ ...addressOf(proxy.host, proxy.port), allowHalfOpen: true })
    this.#socket.on('connect', () => this.#ask())
    this.#socket.on('data', (chunk: Buffer) => this.#read(chunk))
    this.#socket.on('end', this.#ended)
    this.#socket.on('close', this.#ended)
    this.#socket.on('error', (error) => this.#lost(lossCode(error)))
    wheel.arm(this, outgoing.connectTimeout)
    outgoing.client?.onGone(() => this.#fail({ ...refusal('CLIENT_GONE'), byClient: true }))
  }

  /** The proxy could not be reached, or has not answered. */
  expire(): void {
    this.#fail({ ...refusal('ETIMEDOUT'), timeout: true })
  }

  #ask(): void {
    if (this.#over) return
    this.#connected = true
    this.#wheel.arm(this, this.#dialling.outgoing.connectTimeout)
    this.#socket.write(this.#dialling.head, 'latin1')
  }

  #read(chunk: Buffer): void {
    if (this.#over) return
    const from = Math.max(0, this.#text.length - HEAD_END.length + 1)
    this.#text += chunk.toString('latin1')
    const end = this.#text.indexOf(HEAD_END, from)
    const length = end === -1 ? this.#text.length : end
    if (!PROTOCOL.startsWith(this.#text.slice(0, PROTOCOL.length))) this.#lost('PROXY_NOT_HTTP')
    else if (length > HEAD_LIMIT) this.#lost('PROXY_HEAD_TOO_LARGE')
    else if (end !== -1) this.#answered(end + HEAD_END.length)
  }

  #answered(end: number): void {
    const status = STATUS_LINE.exec(this.#text)?.[1]
    if (status === undefined) this.#lost('PROXY_NOT_HTTP')
    else if (!status.startsWith('2')) this.#lost(`PROXY_ANSWERED_${status}`)
    // Nobody behind it has been greeted yet: these bytes are not the address's own.
    else if (this.#text.length > end) this.#lost('PROXY_TALKS_ON')
    else this.#open()
  }

  #open(): void {
    this.#over = true
    this.#wheel.forget(this)
    // From here on its bytes, and their end, are the tunnel's.
    this.#socket.removeAllListeners('data').off('end', this.#ended)
    this.#dialling.ends.opened(this.#socket)
  }

  readonly #ended = (): void => this.#lost('PROXY_CLOSED')

  #lost(code = 'ECONNRESET'): void {
    this.#fail({ ...refusal(code), phase: this.#connected ? 'connect' : connectPhase(code, false) })
  }

  #fail(failure: Failure): void {
    if (this.#over) return
    this.#over = true
    this.#wheel.forget(this)
    this.#socket.destroy()
    this.#dialling.ends.failed(failure)
  }
}
