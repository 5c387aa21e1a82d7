import { Buffer } from 'node:buffer'
import { connect, type Socket } from 'node:net'
import { ByteReader } from './byte-reader.ts'
import { type Body, type Head, readBody, readHead, valuesOf } from './message.ts'

/** The gateways of these tests believe what comes from here; other clients are strangers. */
export const TRUSTED_CLIENT = '127.0.0.2'

/** An answer as it came. */
export interface RawAnswer extends Head, Body {
  readonly status: number
  readonly reason: string
  readonly httpVersion: string
  /** The body, one char a byte. */
  readonly text: string
  values(name: string): string[]
}

/** A client on a raw socket. */
export interface RawClient {
  readonly socket: Socket
  readonly reader: ByteReader
  write(bytes: string | Buffer): void
  /** The next head, interim ones too. */
  head(): Promise<Head & { readonly status: number }>
  /** The next answer, interim ones passed over. */
  answer(method?: string): Promise<RawAnswer>
  /** Ends without a word. */
  leave(): void
}

/** Connects to a port of 127.0.0.1. */
export async function connectTo(port: number, from?: string): Promise<RawClient> {
  const socket = connect({
    port,
    host: '127.0.0.1',
    noDelay: true,
    ...(from === undefined ? {} : { localAddress: from }),
  })
  const reader = new ByteReader(socket)
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  })
  const head = async () => {
    const found = await readHead(reader)
    return { ...found, status: Number(found.start.split(' ')[1]) }
  }
  return {
    socket,
    reader,
    write: (bytes) => {
      socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
    },
    head,
    answer: (method = 'GET') => readAnswer(reader, head, method),
    leave: () => socket.destroy(),
  }
}

async function readAnswer(
  reader: ByteReader,
  nextHead: () => Promise<Head & { readonly status: number }>,
  method: string,
): Promise<RawAnswer> {
  let head = await nextHead()
  while (head.status < 200 && head.status !== 101) head = await nextHead()
  const [httpVersion = '', , ...reason] = head.start.split(' ')
  const { status } = head
  const bodiless = method === 'HEAD' || status === 204 || status === 304 || status === 101
  const body: Body = bodiless
    ? { bytes: Buffer.alloc(0), framing: 'none', trailers: [] }
    : await readBody(reader, head, 'close')
  return {
    ...head,
    ...body,
    httpVersion,
    reason: reason.join(' '),
    text: body.bytes.toString('latin1'),
    values: (name) => valuesOf(head.headers, name),
  }
}

/** A request's text. */
export function requestText(line: string, host: string, headers = '', body = ''): string {
  return `${line} HTTP/1.1\r\nHost: ${host}\r\n${headers}\r\n${body}`
}
