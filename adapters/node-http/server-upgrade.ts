import { Buffer } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Answer } from '../../src/ports/server.ts'
import { IS_DENO } from './quirks.ts'
import { Upload } from './server-body.ts'
import { inspectHead } from './server-check.ts'
import type { ServerContext } from './server-context.ts'
import { discard, Exchange } from './server-exchange.ts'
import { encodeHead, encodeLast, readRawBody, writeRaw } from './server-raw.ts'
import { endSocket } from './server-socket.ts'
import { SocketTunnel } from './tunnel.ts'

/** What a client may send behind its handshake before the upstream has agreed. */
const MOST_EARLY = 64 * 1024

/** Serves a request that asks for an upgrade; the runtime has handed its socket over. */
export function serveUpgrade(
  context: ServerContext,
  request: IncomingMessage,
  { socket, first }: { socket: Socket; first: Buffer },
): void {
  socket.on('error', ignore)
  const { status, length, chunked, websocket } = inspectHead(
    request.rawHeaders,
    request.httpVersion,
  )
  const hasBody = chunked || (length ?? 0) > 0
  if (status !== 0 || (websocket && hasBody)) {
    endSocket(socket, encodeLast(context.refusal(status || 400)))
    return
  }
  const client = context.clientOf(socket)
  if (client.refused) {
    endSocket(socket, '')
    return
  }
  if (websocket && request.method === 'GET') {
    const exchange = new Exchange(request, client, { upgrade: true })
    client.inTurn(exchange, () => void serveWebSocket(context, exchange, { socket, first }))
    return
  }
  // Any other protocol is not spoken here: the request is served as if it had not asked.
  if (!hasBody) {
    socket.resume()
    const exchange = new Exchange(request, client, { upgrade: false })
    client.inTurn(exchange, () => void servePlain(context, exchange, socket))
    return
  }
  // Node 20 leaves the body on the socket; Bun, Deno and later Nodes parse it.
  const isParsed = IS_DENO || !request.complete
  const input = isParsed ? request : readRawBody(socket, first, chunked ? 'chunked' : (length ?? 0))
  const body = new Upload(input, context.uploadOptions(length))
  const exchange = new Exchange(request, client, { body, upgrade: false })
  client.inTurn(exchange, () => void servePlain(context, exchange, socket))
}

async function servePlain(
  context: ServerContext,
  exchange: Exchange,
  socket: Socket,
): Promise<void> {
  const answer = await answerOf(context, exchange)
  await writeRaw(exchange, socket, answer)
}

async function serveWebSocket(
  context: ServerContext,
  exchange: Exchange,
  { socket, first }: { socket: Socket; first: Buffer },
): Promise<void> {
  // Only who reads sees the client leave.
  const early: Buffer[] = first.length > 0 ? [first] : []
  let size = first.length
  const keep = (chunk: Buffer) => {
    early.push(Buffer.from(chunk))
    size += chunk.length
    if (size > MOST_EARLY) socket.pause()
  }
  const leave = () => socket.destroy()
  socket.on('data', keep).on('end', leave)
  const answer = await answerOf(context, exchange)
  if (!(answer.tunnel instanceof SocketTunnel)) {
    await writeRaw(exchange, socket, answer)
    return
  }
  if (!exchange.accept(answer)) return
  socket.off('data', keep).off('end', leave)
  socket.pause()
  const { status, reason, headers } = answer
  const head = encodeHead({ status, reason: reason || 'Switching Protocols', headers })
  if (head === undefined) {
    discard(answer)
    socket.destroy()
    return
  }
  socket.write(head, 'latin1')
  // From here on the tunnel tells how it ended.
  exchange.client.taken = true
  exchange.client.remove(exchange)
  answer.tunnel.join(socket, early, (whole) => exchange.settle(whole))
}

async function answerOf(context: ServerContext, exchange: Exchange): Promise<Answer> {
  try {
    return await context.handle(exchange)
  } catch {
    return context.refusal(500)
  }
}

function ignore(): void {}
