// Loads a port over keep-alive connections, the next request of each when the last was answered; bounded in time.
import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { answerReader } from './answer-reader.mjs'
import { summary } from './summary.mjs'

/** How long an answer may take after the end before it counts as failed. */
const GRACE = 5000

/**
 * Asks for `ms`; `request` is the bytes, or a function that makes the next. Resolves to what was answered well, what was
 * not, and latencies in ms. `length` is what each body must have at least; `connected` is called when all connections
 * stand, before the first request: a handshake costs as much as ten requests or more.
 */
export async function load(port, options) {
  const { ms, connections = 64, tls = false, length = 1, request, connected } = options
  const next = typeof request === 'function' ? request : () => request
  let began = performance.now()
  const state = { end: began + ms, latencies: [], failed: 0 }
  const { arrive, all } = gathering(connections, () => {
    connected?.()
    began = performance.now()
    state.end = began + ms
  })
  await Promise.all(
    Array.from({ length: connections }, () => one({ port, tls, length, next, state, arrive, all })),
  )
  return summary(state, performance.now() - began)
}

/** Resolves `all`, after `then`, when so many have arrived. */
function gathering(count, then) {
  let left = count
  let resolve
  const all = new Promise((done) => {
    resolve = done
  })
  const arrive = () => {
    if (--left !== 0) return
    then()
    resolve()
  }
  return { arrive, all }
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

function connection({ port, tls, length, next, state, arrive, all }) {
  return new Promise((resolve) => {
    const where = { port, host: '127.0.0.1', servername: 'localhost', rejectUnauthorized: false }
    const socket = tls ? connectTls(where) : connect(where)
    let sent = 0
    let waiting = true
    let arrived = false
    const late = setTimeout(() => socket.destroy(), state.end - performance.now() + GRACE)
    const come = () => {
      if (!arrived) arrive()
      arrived = true
    }
    const send = () => {
      if (socket.destroyed) return
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
    socket.on(tls ? 'secureConnect' : 'connect', () => {
      come()
      all.then(send)
    })
    socket.on('data', read)
    socket.on('error', () => {})
    socket.on('close', () => {
      // One that is refused keeps nobody waiting.
      come()
      clearTimeout(late)
      // Asked and never answered, or not even connected.
      if (waiting) state.failed++
      resolve()
    })
  })
}
