import { expect, it } from 'vitest'
import { fakeSockets } from '../../../test/logs/fake-outlets.ts'
import { createTcpLines } from './tcp-lines.ts'

/** Timers that go off when the test says so. */
function timers() {
  const waiting = new Map<number, Set<() => void>>()
  return {
    after(milliseconds: number, run: () => void) {
      const all = waiting.get(milliseconds) ?? new Set()
      waiting.set(milliseconds, all.add(run))
      return () => void all.delete(run)
    },
    pass(milliseconds: number) {
      for (const run of waiting.get(milliseconds) ?? []) run()
    },
  }
}

const bytes = new TextEncoder().encode('line\n')
const place = { host: 'a', port: 1, connectTimeout: 10 }

it('closes a connection nobody uses', async () => {
  const sockets = fakeSockets()
  const { after, pass } = timers()
  const lines = createTcpLines({ after, sockets }, { place, keepAlive: 500 })
  await lines.write(bytes)
  expect(sockets.opened[0]?.closed).toBe(false)
  pass(500)
  expect(sockets.opened[0]?.closed).toBe(true)
  await lines.write(bytes)
  expect(sockets.opened).toHaveLength(2)
})

it('keeps one that was used meanwhile', async () => {
  const sockets = fakeSockets()
  const { after, pass } = timers()
  const lines = createTcpLines({ after, sockets }, { place, keepAlive: 500 })
  await lines.write(bytes)
  const late = lines.write(bytes)
  pass(500)
  await late
  expect(sockets.opened).toHaveLength(1)
  expect(sockets.opened[0]).toMatchObject({ closed: false, written: ['line\n', 'line\n'] })
})

it('gives up a write that takes too long', async () => {
  const sockets = fakeSockets()
  const { after, pass } = timers()
  const stuck = {
    ...sockets,
    connect: async (to: typeof place) => {
      const socket = await sockets.connect(to)
      return Object.assign(Object.create(socket), { write: () => new Promise<void>(() => {}) })
    },
  }
  const lines = createTcpLines({ after, sockets: stuck }, { place, keepAlive: 500 })
  const written = lines.write(bytes)
  for (let i = 0; i < 20; i++) await Promise.resolve()
  pass(10)
  await expect(written).rejects.toThrow('no write within 10 ms')
  expect(sockets.opened[0]?.closed).toBe(true)
})
