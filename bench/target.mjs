// A target that costs as little as can be: every request head gets the same 140 bytes of JSON.
import { createServer } from 'node:net'

const body = JSON.stringify({ target: 'bench', padding: 'x'.repeat(106) })
const answer = Buffer.from(
  `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
)

for (const port of process.argv.slice(2).map(Number)) {
  createServer((socket) => {
    socket.setNoDelay(true)
    let tail = ''
    socket.on('data', (chunk) => {
      tail += chunk.toString('latin1')
      for (let end = tail.indexOf('\r\n\r\n'); end >= 0; end = tail.indexOf('\r\n\r\n')) {
        tail = tail.slice(end + 4)
        socket.write(answer)
      }
    })
    socket.on('error', () => {})
  }).listen(port, '127.0.0.1')
}
process.send?.('ready')
