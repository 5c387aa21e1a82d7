import type { Buffer } from 'node:buffer'
import type { Socket } from 'node:net'
import { type ClientHello, readClientHello } from '../../src/lib/client-hello.ts'
import { readStart, type StartOptions } from './read-start.ts'

/** How a client's hello is waited for. */
export interface HelloOptions extends Pick<StartOptions, 'wheel' | 'timeout'> {
  readonly next: (hello: ClientHello) => void
}

/** Reads what a TLS client says first, and puts it back; whoever says anything else is cut. */
export function readHello(socket: Socket, { wheel, timeout, next }: HelloOptions): void {
  let hello: ClientHello = { sni: undefined }
  const look = (bytes: Buffer): number | 'more' => {
    const read = readClientHello(bytes)
    if (read === 'more') return 'more'
    if (read === 'none') socket.destroy()
    else hello = read
    return 0
  }
  readStart(socket, { wheel, timeout, look, next: () => next(hello) })
}
