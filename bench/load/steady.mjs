// Loads a port at a fixed rate, whatever the answers take: latency counts from when a request was due.
import { connect } from 'node:net'
import { answerReader } from './answer-reader.mjs'
import { summary } from './summary.mjs'

/** Sends `rate` requests a second for `ms` over at most `connections`; what finds none free waits, and that counts. */
export async function steady(port, { ms, rate, connections = 256, request }) {
  const state = { latencies: [], failed: 0 }
  const free = []
  const due = []
  const sockets = await Promise.all(
    Array.from({ length: connections }, () => opened(port, { state, free, due, request })),
  )
  const began = performance.now()
  let asked = 0
  await new Promise((resolve) => {
    const turn = setInterval(() => {
      const now = performance.now()
      for (; asked < (Math.min(now - began, ms) * rate) / 1000; asked++) {
        const when = began + (asked * 1000) / rate
        const ask = free.pop()
        if (ask === undefined) due.push(when)
        else ask(when)
      }
      if (now - began < ms) return
      clearInterval(turn)
      resolve()
    }, 1)
  })
  const patience = Date.now() + 5000
  while (state.latencies.length + state.failed < asked && Date.now() < patience)
    await new Promise((resolve) => setTimeout(resolve, 10))
  state.failed = asked - state.latencies.length
  for (const socket of sockets) socket.destroy()
  return summary(state, ms)
}

function opened(port, { state, free, due, request }) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    let since = 0
    const ask = (when) => {
      since = when
      socket.write(request, 'latin1')
    }
    socket.setNoDelay(true)
    socket.on('error', () => {})
    socket.on('connect', () => {
      free.push(ask)
      resolve(socket)
    })
    socket.on('close', () => resolve(socket))
    socket.on(
      'data',
      answerReader(({ status }) => {
        if (status === 200) state.latencies.push(performance.now() - since)
        const when = due.shift()
        if (when === undefined) free.push(ask)
        else ask(when)
      }),
    )
  })
}
