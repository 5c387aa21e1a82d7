import type { Socket } from 'node:net'
import { Writable } from 'node:stream'
import { expect, it } from 'vitest'
import { Client } from './server-client.ts'
import { Exchange } from './server-exchange.ts'
import { writeAnswer } from './server-h1-answer.ts'
import { createTimerWheel } from './timer-wheel.ts'

/** A connection whose client takes what was written only when it is told to. */
function slowSocket() {
  const takes: (() => void)[] = []
  const socket = new Writable({ write: (_chunk, _encoding, done) => void takes.push(done) })
  return { socket, take: () => takes.shift()?.() }
}

it.each([200_000, 900_000, 2_000_000])(
  'has a slow client take %i bytes in pieces, each in a time of its own',
  async (size) => {
    const { socket, take } = slowSocket()
    const wheel = createTimerWheel()
    const share = { wheel, sendTimeout: 60_000, port: 80, local: false, proxied: new Map() }
    // Proof: of a socket's own members only those are used here that may be absent.
    const client = new Client(socket as unknown as Socket, share)
    const head = { method: 'GET', url: '/', rawHeaders: [], httpVersion: '1.1' }
    const exchange = new Exchange(head, client, { upgrade: false })
    let whole = false
    const line = {
      socket: client.socket,
      last: false,
      written: false,
      cut: () => undefined,
      sent: () => {
        whole = true
      },
    }
    const body = new Uint8Array(size)
    writeAnswer(line, exchange, { status: 200, reason: '', headers: [], body })

    let most = 0
    while (!whole) {
      await new Promise(setImmediate)
      most = Math.max(most, socket.writableLength)
      take()
    }
    expect(most).toBeLessThan(128 * 1024)
    wheel.forget(exchange)
  },
)
