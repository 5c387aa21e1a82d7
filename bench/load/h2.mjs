// Loads a port by HTTP/2 over TLS: a few connections, several streams of each at once; bounded in time.
import { connect } from 'node:http2'
import { summary } from './summary.mjs'

const HEADERS = {
  'user-agent': 'bench',
  accept: '*/*',
  'accept-language': 'en',
  'x-request-start': '1',
  cookie: 'a=b',
  'cache-control': 'no-cache',
  referer: 'http://bench.test/',
  authorization: 'Bearer x',
}

/** Asks for `path` for `ms`, `streams` at once on each connection. */
export async function loadH2(port, { ms, connections = 8, streams = 8, path }) {
  const began = performance.now()
  const state = { end: began + ms, latencies: [], failed: 0 }
  const sessions = Array.from({ length: connections }, () => {
    const where = { servername: 'localhost', rejectUnauthorized: false }
    const session = connect(`https://127.0.0.1:${port}`, where)
    session.on('error', () => {})
    return session
  })
  await Promise.all(
    sessions.flatMap((session) =>
      Array.from({ length: streams }, async () => {
        while (performance.now() < state.end) await one(session, path, state)
      }),
    ),
  )
  const result = summary(state, performance.now() - began)
  for (const session of sessions) session.destroy()
  return result
}

function one(session, path, state) {
  return new Promise((resolve) => {
    const sent = performance.now()
    let status = 0
    let length = 0
    let ended = false
    const fail = () => {
      state.failed++
      // A session that is gone fails at once, again and again.
      setTimeout(resolve, 20)
    }
    if (session.closed || session.destroyed) return fail()
    const stream = session.request({ ':path': path, ...HEADERS })
    const late = setTimeout(() => stream.destroy(), state.end - sent + 5000)
    stream.on('response', (headers) => {
      status = headers[':status'] ?? 0
    })
    stream.on('data', (chunk) => {
      length += chunk.length
    })
    stream.on('end', () => {
      ended = true
    })
    stream.on('error', () => {})
    stream.on('close', () => {
      clearTimeout(late)
      if (!ended || status !== 200 || length === 0) return fail()
      state.latencies.push(performance.now() - sent)
      resolve()
    })
  })
}
