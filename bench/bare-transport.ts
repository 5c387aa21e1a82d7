// The floor of our own data path: the server and the transport of the product, joined by a dozen lines. What Gibbon
// costs above it is its own share: routing, balancing, health, headers, retries, counts. Bundled by the bench.
import process from 'node:process'
import { listen } from '../adapters/node-http/server.ts'
import { createSocketTransport } from '../adapters/node-http/transport.ts'
import type { Answer, ClientRequest } from '../src/ports/server.ts'
import type { Incoming } from '../src/ports/transport.ts'

const [port = 0, ...targets] = process.argv.slice(2).map(Number)
const transport = createSocketTransport()
const UP = [
  'X-Forwarded-For',
  '127.0.0.1',
  'X-Real-IP',
  '127.0.0.1',
  'X-Forwarded-Proto',
  'http',
  'X-Forwarded-Host',
  'localhost',
  'X-Forwarded-Port',
  String(port),
  'X-Forwarded-Path',
  '/mock/anything',
  'X-Forwarded-Prefix',
  '/mock',
  'X-Kong-Request-Id',
  '0123456789abcdef0123456789abcdef',
]
const DOWN = [
  'Via',
  '1.1 bench',
  'X-Kong-Upstream-Latency',
  '0',
  'X-Kong-Proxy-Latency',
  '0',
  'X-Kong-Request-Id',
  '0123456789abcdef0123456789abcdef',
]
let turn = 0

/** As many bytes each way as Gibbon writes, and no thought about any of them. */
function handle(request: ClientRequest): Promise<Answer> {
  const target = targets[turn++ % targets.length] ?? 0
  const { length } = request.headers
  const headers = ['Host', `127.0.0.1:${target}`]
  for (let i = 0; i < length; i += 2) {
    if (request.headers[i] === 'Host' || request.headers[i] === 'Connection') continue
    headers.push(request.headers[i] ?? '', request.headers[i + 1] ?? '')
  }
  headers.push(...UP)
  return transport
    .send({
      scheme: 'http',
      host: '127.0.0.1',
      port: target,
      method: request.method,
      target: request.target.slice(5),
      headers,
      body: request.body?.stream(),
      connectTimeout: 60_000,
      writeTimeout: 60_000,
      readTimeout: 60_000,
      upgrade: false,
      fresh: false,
      client: request,
    })
    .then((incoming) => {
      if (!incoming.ok) return { status: 502, reason: '', headers: [], body: undefined }
      return answerOf(incoming)
    })
}

function answerOf({ status, reason, headers, body }: Incoming): Answer {
  const kept: string[] = []
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i] !== 'Connection') kept.push(headers[i] ?? '', headers[i + 1] ?? '')
  }
  kept.push(...DOWN)
  return { status, reason, headers: kept, body }
}

await listen({ host: '127.0.0.1', port, handle })
process.send?.('ready')
