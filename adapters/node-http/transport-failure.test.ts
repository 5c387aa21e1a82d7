import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import type { Departure } from '../../src/ports/server.ts'
import { answerAll, left } from './outgoing.fixture.ts'
import { type RawPeer, textOf } from './raw-peers.fixture.ts'
import { transportRig } from './transport-rig.fixture.ts'
import { SocketTunnel } from './tunnel.ts'

const rig = transportRig()
const { upstream, send } = rig

function leaver(): Departure & { leave(): void } {
  const listeners: (() => void)[] = []
  let gone = false
  return {
    get gone() {
      return gone
    },
    onGone: (listener) => listeners.push(listener),
    leave() {
      gone = true
      for (const listener of listeners) listener()
    },
  }
}

/** A body of which a little comes, and then nothing. */
async function* endless(): AsyncGenerator<Uint8Array, void> {
  yield new Uint8Array(1)
  await new Promise(() => undefined)
}

describe('phases of failure', () => {
  it('tells a refused connection', async () => {
    const server = await upstream(() => {})
    await server.close()
    expect(await send(server.port)).toMatchObject({
      phase: 'connect',
      code: 'ECONNREFUSED',
      reused: false,
    })
    expect(await rig.transport.probe('127.0.0.1', server.port, 1000)).toMatchObject({
      phase: 'connect',
    })
  })

  it('tells a name nobody knows', async () => {
    expect(await send(80, { host: 'nobody.invalid' })).toMatchObject({ phase: 'dns' })
  })

  it('tells a close and a reset before the head', async () => {
    const server = await upstream(async (peer, index) => {
      await peer.until('\r\n\r\n')
      if (index === 0) peer.socket.end()
      else peer.socket.resetAndDestroy()
    })
    expect(await send(server.port)).toMatchObject({ phase: 'head', code: 'ECONNRESET' })
    expect(await send(server.port)).toMatchObject({ phase: 'head', code: 'ECONNRESET' })
  })

  it('tells plain HTTP where TLS was expected', async () => {
    const server = await upstream((peer) => answerAll(peer, 'HTTP/1.1 400 No\r\n\r\n'))
    const failed = send(server.port, { scheme: 'https', connectTimeout: 300 })
    server.sockets[0]?.write('HTTP/1.1 400 No\r\n\r\n')
    expect(await failed).toMatchObject({ ok: false, phase: 'tls' })
  })

  it('times out while the answer does not come, and while its body stands', async () => {
    const server = await upstream(async (peer, index) => {
      await peer.until('\r\n\r\n')
      if (index === 1) peer.send('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf')
    })
    const failed = await send(server.port, { readTimeout: 60 })
    expect(failed).toMatchObject({ phase: 'head', code: 'ETIMEDOUT', timeout: true })
    const result = await send(server.port, { readTimeout: 60 })
    await expect(textOf(result.ok ? result.body : undefined)).rejects.toThrow('ETIMEDOUT')
  })

  it('times out while the body of an answer stands that refused the request early', async () => {
    const server = await upstream(async (peer) => {
      await peer.until('\r\n\r\n')
      peer.send('HTTP/1.1 413 No\r\nContent-Length: 9\r\n\r\nhalf')
    })
    const result = await send(server.port, { method: 'POST', body: endless(), readTimeout: 60 })
    await expect(textOf(result.ok ? result.body : undefined)).rejects.toThrow('ETIMEDOUT')
  })

  it('times out while a body cannot be written', async () => {
    const server = await upstream((peer) => {
      peer.socket.pause()
    })
    const body = new Uint8Array(32 * 1024 * 1024)
    const failed = await send(server.port, { method: 'POST', body, writeTimeout: 60 })
    expect(failed).toMatchObject({ phase: 'send', timeout: true })
  })
})

describe('a client that leaves', () => {
  it.each([0, 1])(
    'ends the call and frees the upstream, %i bytes into the answer',
    async (sent) => {
      const server = await upstream(async (peer) => {
        await peer.until('\r\n\r\n')
        if (sent === 1) peer.send('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx')
        client.leave()
      })
      const client = leaver()
      const result = await send(server.port, { client })
      if (result.ok) await expect(textOf(result.body)).rejects.toThrow('CLIENT_GONE')
      else expect(result).toMatchObject({ byClient: true })
      await left(server)
    },
  )

  it('does not harm the next call on the same connection', async () => {
    const server = await upstream((peer) => answerAll(peer))
    const client = leaver()
    await send(server.port, { client })
    const next = send(server.port)
    client.leave()
    expect(await next).toMatchObject({ status: 200 })
    expect(server.sockets).toHaveLength(1)
  })

  it('or breaks its body leaves no last chunk behind', async () => {
    let seen: RawPeer | undefined
    const server = await upstream((peer) => {
      seen = peer
    })
    const body = (async function* () {
      yield Buffer.from('abc')
      while (!seen?.text.includes('abc')) await new Promise((resolve) => setImmediate(resolve))
      throw new Error('cut')
    })()
    expect(await send(server.port, { method: 'POST', body })).toMatchObject({ byClient: true })
    await seen?.closed
    expect(seen?.text.endsWith('3\r\nabc\r\n')).toBe(true)
  })

  it('or sends less than it promised is not passed on', async () => {
    const server = await upstream(() => {})
    const body = (async function* () {
      yield Buffer.from('abc')
    })()
    const result = await send(server.port, {
      method: 'POST',
      headers: ['Content-Length', '5'],
      body,
    })
    expect(result).toMatchObject({ byClient: true, code: 'BODY_TOO_SHORT' })
  })
})

describe('an answer before the request was sent', () => {
  it('ends the upload and the connection', async () => {
    const server = await upstream(async (peer) => {
      await peer.until('abc')
      peer.send('HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno')
    })
    let stopped = false
    const body = (async function* () {
      try {
        for (;;) {
          yield Buffer.from('abc')
          await new Promise((resolve) => setImmediate(resolve))
        }
      } finally {
        stopped = true
      }
    })()
    const result = await send(server.port, { method: 'POST', body })
    expect(result).toMatchObject({ status: 413 })
    expect(await textOf(result.ok ? result.body : undefined)).toBe('no')
    await left(server)
    expect(stopped).toBe(true)
  })

  it('lets both streams run when it is a good one', async () => {
    const server = await upstream(async (peer) => {
      await peer.until('one')
      peer.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n')
      await peer.until('0\r\n\r\n')
      peer.send('3\r\ntwo\r\n0\r\n\r\n')
    })
    let answered: () => void = () => {}
    const first = new Promise<void>((resolve) => {
      answered = resolve
    })
    const body = (async function* () {
      yield Buffer.from('one')
      await first
      yield Buffer.from('two')
    })()
    const result = await send(server.port, { method: 'POST', body })
    answered()
    expect(await textOf(result.ok ? result.body : undefined)).toBe('onetwo')
  })
})

describe('an upgrade', () => {
  it('hands the socket over with what came behind the head', async () => {
    const server = await upstream(async (peer) => {
      await peer.until('\r\n\r\n')
      peer.send('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nX: 1\r\n\r\nfirst')
    })
    const result = await send(server.port, { upgrade: true })
    if (!result.ok || !(result.tunnel instanceof SocketTunnel)) throw new Error('Expected a tunnel')
    expect(result.headers).toEqual(['Upgrade', 'websocket', 'X', '1'])
    expect(result.tunnel.leftover?.toString()).toBe('first')
    result.tunnel.socket.destroy()
  })

  it('that is refused is an answer like any other', async () => {
    const server = await upstream((peer) => answerAll(peer))
    expect(await send(server.port, { upgrade: true })).toMatchObject({ status: 200 })
  })

  it('frees the upstream when the client has left meanwhile', async () => {
    const server = await upstream(async (peer) => {
      await peer.until('\r\n\r\n')
      peer.send('HTTP/1.1 101 Switching Protocols\r\n\r\n')
    })
    const client = leaver()
    await send(server.port, { upgrade: true, client })
    client.leave()
    await left(server)
  })
})
