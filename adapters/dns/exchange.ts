import { createSocket, type RemoteInfo } from 'node:dgram'
import { connect, isIPv6 } from 'node:net'
import { encodeQuery, type Query } from '../../src/dns/message.ts'
import { type Reply, readReply } from '../../src/dns/reply.ts'
import { expandIpv6 } from '../../src/lib/ip.ts'
import type { Answer } from '../../src/ports/resolver.ts'
import type { NameServer } from './resolv-conf.ts'

/** One question to one server. */
export interface Exchange {
  readonly server: NameServer
  readonly query: Query
  /** Milliseconds, all in all. */
  readonly timeout: number
}

const TIMED_OUT: Answer = { ok: false, reason: 'timeout' }
const REFUSED: Answer = { ok: false, reason: 'refused' }
const BROKEN: Answer = { ok: false, reason: 'servfail' }

/** Asks by UDP, and by TCP for what does not fit; never rejects. */
export async function exchange(options: Exchange): Promise<Answer> {
  // The resolver has seen that it can be written.
  const bytes = encodeQuery(options.query)
  if (bytes === undefined) return { ok: false, reason: 'nxdomain' }
  const answer = await askByUdp(options, bytes)
  return answer === 'truncated' ? askByTcp(options, bytes) : answer
}

/**
 * Each question has a socket of its own, and so a port by chance: with its number that makes 32 bits
 * somebody would have to guess. What does not fit the question is passed over.
 */
function askByUdp(options: Exchange, query: Uint8Array): Promise<Exclude<Reply, undefined>> {
  const { server, timeout } = options
  return new Promise((resolve) => {
    const socket = createSocket(isIPv6(server.host) ? 'udp6' : 'udp4')
    const end = (answer: Exclude<Reply, undefined>): void => {
      clearTimeout(timer)
      socket.removeAllListeners()
      // One may still come while the socket closes.
      socket.on('error', () => {})
      closeQuietly(() => socket.close())
      resolve(answer)
    }
    const timer = setTimeout(() => end(TIMED_OUT), timeout)
    socket.on('error', () => end(REFUSED))
    socket.on('message', (bytes, from) => {
      if (!isSame(from, server)) return
      const reply = readReply(bytes, options.query)
      if (reply !== undefined) end(reply)
    })
    // Connected, it hears of a closed port.
    socket.on('connect', () => socket.send(query, (error) => error && end(REFUSED)))
    try {
      socket.connect(server.port, server.host)
    } catch {
      end(REFUSED)
    }
  })
}

/** A connected socket should hear nobody else; on Deno it does. */
function isSame(from: RemoteInfo, server: NameServer): boolean {
  return from.port === server.port && plain(from.address) === plain(server.host)
}

function plain(address: string): string {
  return expandIpv6(address.replace(/%.*$/, ''))
}

function askByTcp(options: Exchange, query: Uint8Array): Promise<Answer> {
  const { server, timeout } = options
  return new Promise((resolve) => {
    const socket = connect({ host: server.host, port: server.port, noDelay: true })
    const end = (answer: Answer): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(answer)
    }
    const timer = setTimeout(() => end(TIMED_OUT), timeout)
    let received = new Uint8Array(0)
    socket.on('error', () => end(REFUSED))
    socket.on('close', () => end(BROKEN))
    socket.on('connect', () => socket.write(withLength(query)))
    socket.on('data', (chunk: Uint8Array) => {
      received = joined(received, chunk)
      const message = wholeMessage(received)
      if (message === undefined) return
      const reply = readReply(message, options.query)
      end(reply === undefined || reply === 'truncated' ? BROKEN : reply)
    })
  })
}

/** Over TCP two bytes say how long a message is. */
function withLength(message: Uint8Array): Uint8Array {
  return joined(Uint8Array.of(message.length >> 8, message.length & 255), message)
}

function wholeMessage(received: Uint8Array): Uint8Array | undefined {
  const [high, low] = received
  if (high === undefined || low === undefined) return undefined
  const end = 2 + ((high << 8) | low)
  return received.length < end ? undefined : received.subarray(2, end)
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(first.length + second.length)
  whole.set(first)
  whole.set(second, first.length)
  return whole
}

function closeQuietly(close: () => void): void {
  try {
    close()
  } catch {
    // It was not open yet.
  }
}
