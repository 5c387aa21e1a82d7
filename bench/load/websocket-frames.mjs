// As much of RFC 6455 as an echo of short messages needs, in both directions.
import { createHash } from 'node:crypto'

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/** Takes a socket over at its handshake and echoes every message of it. */
export function upgrade(socket, head) {
  const key = /\r\nsec-websocket-key: *(\S+)/i.exec(head)?.[1] ?? ''
  const accept = createHash('sha1')
    .update(key + GUID)
    .digest('base64')
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  )
  const read = frameReader((text) => socket.write(frame(text, false)))
  socket.on('data', read)
}

/** A text frame of fewer than 126 bytes; a client's is masked. */
export function frame(text, masked) {
  const payload = Buffer.from(text, 'latin1')
  if (!masked) return Buffer.concat([Buffer.from([0x81, payload.length]), payload])
  const mask = Buffer.from([1, 2, 3, 4])
  for (let at = 0; at < payload.length; at++) payload[at] ^= mask[at % 4]
  return Buffer.concat([Buffer.from([0x81, 0x80 | payload.length]), mask, payload])
}

/** Takes chunks and tells the text of each whole frame. */
export function frameReader(tell) {
  let tail = Buffer.alloc(0)
  return (chunk) => {
    tail = tail.length === 0 ? chunk : Buffer.concat([tail, chunk])
    while (tail.length >= 2) {
      const masked = (tail[1] & 0x80) !== 0
      const length = tail[1] & 0x7f
      const start = masked ? 6 : 2
      if (tail.length < start + length) return
      const payload = Buffer.from(tail.subarray(start, start + length))
      if (masked) for (let at = 0; at < length; at++) payload[at] ^= tail[2 + (at % 4)]
      tail = tail.subarray(start + length)
      tell(payload.toString('latin1'))
    }
  }
}
