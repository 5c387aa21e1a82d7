// Loads one port over keep-alive connections for a while; loopback only, bounded in time.
import { connect } from 'node:net'

const HEAD =
  'GET /mock/anything?n=1 HTTP/1.1\r\nHost: bench.test\r\nUser-Agent: bench\r\nAccept: */*\r\nAccept-Language: en\r\n' +
  'X-Request-Start: 1\r\nCookie: a=b\r\nCache-Control: no-cache\r\nReferer: http://bench.test/\r\nAuthorization: Bearer x\r\n\r\n'

/** Requests for `ms` over `connections`; resolves to the count and latencies (ms) of those answered. */
export function load(port, { ms, connections }) {
  const end = Date.now() + ms
  const latencies = []
  let failed = 0
  const one = () =>
    new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1')
      socket.setNoDelay(true)
      let sent = 0
      let got = Buffer.alloc(0)
      const send = () => {
        if (Date.now() >= end) return socket.end()
        sent = performance.now()
        socket.write(HEAD)
      }
      socket.on('connect', send)
      socket.on('error', () => {
        failed++
      })
      socket.on('close', resolve)
      socket.on('data', (chunk) => {
        got = got.length === 0 ? chunk : Buffer.concat([got, chunk])
        const length = wholeLength(got)
        if (length === 0) return
        if (got[9] !== 0x32) failed++
        got = got.subarray(length)
        latencies.push(performance.now() - sent)
        send()
      })
    })
  return Promise.all(Array.from({ length: connections }, one)).then(() => {
    latencies.sort((a, b) => a - b)
    return { count: latencies.length, failed, p50: at(latencies, 0.5), p99: at(latencies, 0.99) }
  })
}

/** Bytes of the first answer in the buffer, 0 when it is not whole. */
function wholeLength(buffer) {
  const headEnd = buffer.indexOf('\r\n\r\n')
  if (headEnd < 0) return 0
  const head = buffer.latin1Slice(0, headEnd)
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)
  if (length !== null) {
    const whole = headEnd + 4 + Number(length[1])
    return buffer.length >= whole ? whole : 0
  }
  const last = buffer.indexOf('0\r\n\r\n', headEnd)
  return last < 0 ? 0 : last + 5
}

function at(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
