import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { makeSelfSigned } from '../../src/lib/self-signed.ts'

/** A server on the loopback that keeps what comes. */
export interface Collector<T> {
  readonly port: number
  readonly came: readonly T[]
  close(): void
}

/** An HTTP request as it came. */
export interface Came {
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Uint8Array
}

/** Answers 200 to everybody, `hello`. */
export async function collectHttp(): Promise<Collector<Came>> {
  const came: Came[] = []
  const server = createHttpServer(async (request, response) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { url: path = '', headers } = request
    came.push({ path, headers, body: new Uint8Array(Buffer.concat(chunks)) })
    response.end('hello')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { port: portOf(server.address()), came, close }
}

/** Keeps what comes over each connection, as text. */
export async function collectTcp({ tls }: { readonly tls: boolean }): Promise<Collector<string[]>> {
  const came: string[][] = []
  const sockets = new Set<Socket>()
  const take = (socket: Socket) => {
    const texts: string[] = []
    came.push(texts)
    sockets.add(socket)
    socket.setEncoding('utf8').on('data', (text: string) => texts.push(text))
    socket.on('error', () => {})
  }
  const server = tls
    ? createTlsServer(await makeSelfSigned('localhost', Date.now()), take)
    : createTcpServer(take)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = () => {
    for (const socket of sockets) socket.destroy()
    server.close()
  }
  return { port: portOf(server.address()), came, close }
}

/** Keeps datagrams, as text. */
export async function collectUdp(): Promise<Collector<string>> {
  const came: string[] = []
  const socket = createSocket('udp4', (bytes) => came.push(bytes.toString()))
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return { port: socket.address().port, came, close: () => socket.close() }
}

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === 'string') throw new Error('there is no port')
  return address.port
}
