import { createSocket, type Socket as UdpSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import type { RecordType } from '../../src/ports/resolver.ts'
import { encodeMessage, type MessageParts, readQuery, type ServedRecord, typeOf } from './wire.ts'

/** What a fake server does when it is asked. */
export interface Reaction {
  readonly answers?: readonly ServedRecord[]
  readonly extra?: readonly ServedRecord[]
  /** 2 SERVFAIL, 3 NXDOMAIN, 5 REFUSED. */
  readonly code?: number
  /** By UDP nothing but word that it did not fit; TCP has it all. */
  readonly truncated?: boolean
  /** Says nothing. */
  readonly silent?: boolean
  /** Sent before the true answer, as a forger would: other numbers, other questions, broken bytes. */
  readonly forged?: (asked: Question) => readonly (Partial<MessageParts> | Uint8Array)[]
  /** Sent before the true answer, and like it but for the port it comes from. */
  readonly stranger?: readonly ServedRecord[]
  /** By TCP: closes in the middle. */
  readonly cut?: boolean
  /** Answers once this has settled. */
  readonly after?: Promise<unknown>
}

type Question = ReturnType<typeof readQuery>

/** One question that came. */
export interface Asked {
  readonly name: string
  readonly type: RecordType | undefined
  readonly by: 'udp' | 'tcp'
  readonly id: number
  readonly fromPort: number
}

/** A name server on loopback, for one test. */
export interface FakeServer {
  readonly host: string
  readonly port: number
  /** Everything asked so far. */
  readonly asked: Asked[]
  /** What a name answers to a type, until it is said otherwise; other questions get NXDOMAIN. */
  set(name: string, type: RecordType, reaction: Reaction | readonly ServedRecord[]): void
  /** What all names that were not set do. */
  otherwise(reaction: Reaction): void
  close(): Promise<void>
}

const HOST = '127.0.0.1'

/** Opens a name server on a free port, by UDP and TCP. */
export async function openFakeServer(): Promise<FakeServer> {
  const reactions = new Map<string, Reaction>()
  let fallback: Reaction = { code: 3 }
  const asked: Asked[] = []
  const react = (bytes: Uint8Array, by: 'udp' | 'tcp', fromPort: number): Reaction => {
    const { id, name, type } = readQuery(bytes)
    asked.push({ id, name, type: typeOf(type), by, fromPort })
    return reactions.get(`${name} ${typeOf(type)}`) ?? fallback
  }

  const { udp, tcp, port } = await openBoth()
  const other = createSocket('udp4')
  udp.on('message', (bytes, from) => {
    const reaction = react(bytes, 'udp', from.port)
    const send = (socket: UdpSocket) => (reply: Uint8Array) =>
      socket.send(reply, from.port, from.address)
    const { stranger } = reaction
    if (stranger === undefined) void answerByUdp(bytes, reaction, send(udp))
    else {
      const lie = encodeMessage({ ...readQuery(bytes), answers: stranger })
      other.send(lie, from.port, from.address, () => answerByUdp(bytes, reaction, send(udp)))
    }
  })
  const sockets = new Set<Socket>()
  tcp.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('data', (chunk) => {
      const bytes = chunk.subarray(2)
      const reaction = react(bytes, 'tcp', socket.remotePort ?? 0)
      answerByTcp(socket, bytes, reaction)
    })
  })

  return {
    host: HOST,
    port,
    asked,
    set(name, type, reaction) {
      reactions.set(`${name} ${type}`, isList(reaction) ? { answers: reaction } : reaction)
    },
    otherwise(reaction) {
      fallback = reaction
    },
    async close() {
      udp.close()
      other.close()
      for (const socket of sockets) socket.destroy()
      tcp.close()
      await once(tcp, 'close')
    },
  }
}

function isList(reaction: Reaction | readonly ServedRecord[]): reaction is readonly ServedRecord[] {
  return Array.isArray(reaction)
}

/** One port for both; another is drawn while somebody has the half of it. */
async function openBoth(): Promise<{ udp: UdpSocket; tcp: Server; port: number }> {
  for (;;) {
    const udp = createSocket('udp4')
    udp.bind(0, HOST)
    await once(udp, 'listening')
    const { port } = udp.address()
    const tcp = createServer()
    tcp.listen(port, HOST)
    try {
      await once(tcp, 'listening')
      return { udp, tcp, port }
    } catch {
      udp.close()
    }
  }
}

async function answerByUdp(
  query: Uint8Array,
  reaction: Reaction,
  send: (reply: Uint8Array) => void,
): Promise<void> {
  await reaction.after
  if (reaction.silent === true) return
  const { answers = [], extra = [], code = 0, truncated = false } = reaction
  const question = readQuery(query)
  for (const forged of reaction.forged?.(question) ?? []) {
    send(forged instanceof Uint8Array ? forged : encodeMessage({ ...question, ...forged }))
  }
  if (truncated) send(encodeMessage({ ...question, truncated }))
  else send(encodeMessage({ ...question, code, answers, extra }))
}

function answerByTcp(socket: Socket, query: Uint8Array, reaction: Reaction): void {
  const { answers = [], extra = [], code = 0 } = reaction
  const message = encodeMessage({ ...readQuery(query), code, answers, extra })
  const whole = Buffer.concat([Buffer.of(message.length >> 8, message.length & 255), message])
  if (reaction.cut === true) socket.end(whole.subarray(0, whole.length - 3))
  // In pieces, as TCP may bring it.
  else socket.write(whole.subarray(0, 1), () => socket.end(whole.subarray(1)))
}
