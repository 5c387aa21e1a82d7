// Loads a port over keep-alive connections, the next request of each when the last was answered; bounded in time.
import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { answerReader } from './answer-reader.mjs'
import { summary } from './summary.mjs'

/** How long an answer may take after the end before it counts as failed. */
const GRACE = 5000

/**
 * Asks for `ms`; `request` is the bytes, or a function that makes the next. Resolves to what was answered well, what was
 * not, and latencies in ms. `length` is what each body must have at least.
 */
export async function load(port, options) {
  const { ms, connections = 64, tls = false, length = 1, request } = options
  const next = typeof request === 'function' ? request : () => request
  const began = performance.now()
  const state = { end: began + ms, latencies: [], failed: 0 }
  await Promise.all(
    Array.from({ length: connections }, () => one({ port, tls, length, next, state })),
  )
  return summary(state, performance.now() - began)
}

/** One connection after the other, until the end. */
async function one(asking) {
  while (performance.now() < asking.state.end) {
    const failed = asking.state.failed
    await connection(asking)
    // What refuses everything is asked again, yet not a million times a second.
    if (asking.state.failed > failed) await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

function connection({ port, tls, length, next, state }) {
  return new Promise((resolve) => {
    const where = { port, host: '127.0.0.1', servername: 'localhost', rejectUnauthorized: false }
    const socket = tls ? connectTls(where) : connect(where)
    let sent = 0
    let waiting = true
    const late = setTimeout(() => socket.destroy(), state.end - performance.now() + GRACE)
    const send = () => {
      if (performance.now() >= state.end) {
        waiting = false
        socket.destroy()
        return
      }
      waiting = true
      sent = performance.now()
      socket.write(next(), 'latin1')
    }
    const read = answerReader((answer) => {
      waiting = false
      if (answer.status !== 200 || answer.length < length) state.failed++
      else state.latencies.push(performance.now() - sent)
      send()
    })
    socket.setNoDelay(true)
    socket.on(tls ? 'secureConnect' : 'connect', send)
    socket.on('data', read)
    socket.on('error', () => {})
    socket.on('close', () => {
      clearTimeout(late)
      // Asked and never answered, or not even connected.
      if (waiting) state.failed++
      resolve()
    })
  })
}
