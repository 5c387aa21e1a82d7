import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import type { Answer } from '../../src/ports/server.ts'
import { noting, serverRig } from './server-rig.fixture.ts'

const { serve, client } = serverRig()

function reply(body: Answer['body'], more: Partial<Answer> = {}): Answer {
  return { status: 200, reason: '', headers: ['Date', 'now'], body, ...more }
}

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const text = (chars: string) => Buffer.from(chars, 'latin1')

describe('a client that leaves', () => {
  it.each(['end', 'resetAndDestroy'] as const)('by %s is told while it waits', async (how) => {
    const { notes, first, finished } = noting()
    const left = noting()
    const listening = await serve(async (request) => {
      request.onGone(() => left.finished(request.gone))
      await left.first
      return reply(text('late'), { finished })
    })
    const peer = client(listening).send(GET)
    await new Promise((resolve) => peer.socket.once('connect', resolve))
    peer.socket[how]()
    await first
    expect(left.notes).toEqual([true])
    expect(notes).toEqual([false])
  })

  it('ends the reading of a stream', async () => {
    const { notes, first, finished } = noting()
    let returned = false
    async function* endless() {
      try {
        for (;;) {
          yield Buffer.alloc(100_000)
          await new Promise((resolve) => setImmediate(resolve))
        }
      } finally {
        returned = true
      }
    }
    const peer = client(await serve(() => reply(endless(), { finished })))
    peer.socket.once('data', () => peer.socket.destroy())
    peer.send(GET)
    await first
    while (!returned) await new Promise((resolve) => setImmediate(resolve))
    expect(notes).toEqual([false])
  })

  it('without leaving, by reading nothing, is cut off', async () => {
    const { notes, first, finished } = noting()
    async function* endless() {
      for (;;) yield Buffer.alloc(100_000)
    }
    const listening = await serve(() => reply(endless(), { finished }), {
      limits: { sendTimeout: 100 },
    })
    const peer = client(listening)
    peer.socket.pause()
    peer.send(GET)
    await first
    expect(notes).toEqual([false])
  })

  it('is not told after its answer', async () => {
    let gone = false
    const listening = await serve((request) => {
      request.onGone(() => {
        gone = true
      })
      return reply(text('ok'))
    })
    const peer = client(listening)
    await peer.send(GET).until('ok')
    peer.socket.destroy()
    await listening.stop(0)
    expect(gone).toBe(false)
  })
})

describe('stopping', () => {
  it('lets a running answer end, tells its client, and takes no more', async () => {
    let go: () => void = () => {}
    const wait = new Promise<void>((resolve) => {
      go = resolve
    })
    const started = noting()
    const listening = await serve(async () => {
      started.finished(true)
      await wait
      return reply(text('done'))
    })
    const peer = client(listening).send(GET)
    await started.first
    const stopped = listening.stop(5000)
    expect(await client(listening).closed).toBe('ECONNREFUSED')
    go()
    expect(await peer.closed).toBe('end')
    expect(peer.text).toContain('Connection: close\r\n\r\ndone')
    await stopped
  })

  it('answers once more on an idle connection, then closes it', async () => {
    const listening = await serve(() => reply(text('ok')))
    const peer = client(listening)
    await peer.send(GET).until('ok')
    const idle = client(listening)
    await idle.send(GET).until('ok')
    const stopped = listening.stop(300)
    peer.take()
    await peer.send(GET).until('Connection: close')
    await stopped
    expect(await idle.closed).toMatch(/end|ECONNRESET/)
  })

  it('cuts what takes too long', async () => {
    const listening = await serve(() => new Promise(() => {}))
    const peer = client(listening).send(GET)
    await new Promise((resolve) => peer.socket.once('connect', resolve))
    await listening.stop(100)
    await peer.closed
  })
})
