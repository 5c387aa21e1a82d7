// A target that costs as little as can be: answers made beforehand by the word in the path (/10k, /1m, 140 bytes for
// any other), bodies of requests read and dropped, WebSockets echoed. `clear,clear tls,tls` ports, then cert and key.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { upgrade } from './load/websocket-frames.mjs'

const small = answerOf(JSON.stringify({ target: 'bench', padding: 'x'.repeat(109) }))
const sized = new Map([
  ['10k', answerOf('x'.repeat(10_240))],
  ['1m', answerOf('x'.repeat(1_048_576))],
])

const [clear, secure, cert, key] = process.argv.slice(2)
for (const port of portsOf(clear)) createServer(serve).listen(port, '127.0.0.1')
if (secure !== undefined) {
  const pair = { cert: readFileSync(cert), key: readFileSync(key) }
  for (const port of portsOf(secure)) createTlsServer(pair, serve).listen(port, '127.0.0.1')
}
process.send?.('ready')

function serve(socket) {
  socket.setNoDelay(true)
  let tail = ''
  // Bytes of a request's body that are still to come; -1 until the end of a chunked one.
  let body = 0
  socket.on('error', () => {})
  socket.on('data', function read(chunk) {
    tail += chunk.toString('latin1')
    for (;;) {
      if (body === -1) {
        if (!tail.endsWith('0\r\n\r\n')) return
        tail = ''
      } else if (body > tail.length) {
        body -= tail.length
        tail = ''
        return
      } else tail = tail.slice(body)
      const end = tail.indexOf('\r\n\r\n')
      body = 0
      if (end < 0) return
      const head = tail.slice(0, end)
      tail = tail.slice(end + 4)
      if (/\r\nupgrade: *websocket/i.test(head)) {
        socket.off('data', read)
        return upgrade(socket, head)
      }
      body = bodyOf(head)
      socket.write(sized.get(/^\w+ \/(10k|1m)/.exec(head)?.[1]) ?? small)
    }
  })
}

function bodyOf(head) {
  if (head.startsWith('GET')) return 0
  if (/\r\ntransfer-encoding: *chunked/i.test(head)) return -1
  return Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0)
}

function answerOf(body) {
  const head = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`
  return Buffer.from(head + body)
}

function portsOf(list) {
  return list.split(',').map(Number)
}
