// Many WebSockets at once through a proxy, each echoed several times by the target.
import { connect } from 'node:net'
import { summary } from './summary.mjs'
import { frame, frameReader } from './websocket-frames.mjs'

/** Opens `count`; resolves when all are open or have failed to, with how to use and close them. */
export async function openWebSockets(port, { count, path }) {
  const state = { latencies: [], failed: 0 }
  const open = []
  // A hundred at a time: a backlog is no part of what is measured.
  for (let from = 0; from < count; from += 100) {
    const group = Array.from({ length: Math.min(100, count - from) }, () => opened(port, path))
    for (const socket of await Promise.all(group)) {
      if (socket === undefined) state.failed++
      else open.push(socket)
    }
  }
  return {
    open: open.length,
    /** Every one sends a message of its own and waits for it; all at once. */
    async echo() {
      const began = performance.now()
      await Promise.all(open.map((socket, place) => echoed(socket, `message ${place}`, state)))
      return summary(state, performance.now() - began)
    },
    close() {
      for (const socket of open) socket.destroy()
    },
  }
}

function opened(port, path) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const late = setTimeout(() => socket.destroy(), 10_000)
    const settle = (value) => {
      clearTimeout(late)
      resolve(value)
    }
    socket.setNoDelay(true)
    socket.on('error', () => {})
    socket.on('close', () => settle(undefined))
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: bench.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    )
    let head = ''
    socket.on('data', function read(chunk) {
      head += chunk.toString('latin1')
      if (!head.includes('\r\n\r\n')) return
      socket.off('data', read)
      settle(/^HTTP\/1.1 101 /.test(head) ? socket : undefined)
    })
  })
}

function echoed(socket, text, state) {
  return new Promise((resolve) => {
    const sent = performance.now()
    const settle = (good) => {
      clearTimeout(late)
      socket.off('data', read)
      socket.off('close', gone)
      if (good) state.latencies.push(performance.now() - sent)
      else state.failed++
      resolve()
    }
    const late = setTimeout(settle, 10_000, false)
    const read = frameReader((got) => settle(got === text))
    const gone = () => settle(false)
    socket.on('data', read)
    socket.on('close', gone)
    socket.write(frame(text, true))
  })
}
