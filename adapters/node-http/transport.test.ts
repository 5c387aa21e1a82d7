import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import type { Failure, Incoming, Outgoing } from '../../src/ports/transport.ts'
import { textOf } from './raw-peers.fixture.ts'
import { transportRig } from './transport-rig.fixture.ts'

const { upstream, send } = transportRig()

/** An upstream that answers every request head with the same bytes. */
function answering(text: string, end = false) {
  return upstream(async (peer) => {
    for (let count = 1; ; count++) {
      await peer.until('\r\n\r\n', count)
      if (end) peer.socket.end(text, 'latin1')
      else peer.send(text)
    }
  })
}

async function answer(port: number, more: Partial<Outgoing> = {}): Promise<Incoming> {
  const result = await send(port, more)
  if (!result.ok) throw new Error(`Failed with ${result.phase} ${result.code}`)
  return result
}

async function failure(port: number, more: Partial<Outgoing> = {}): Promise<Failure> {
  const result = await send(port, more)
  if (result.ok) throw new Error(`Answered ${result.status}`)
  return result
}

function streamOf(...chunks: (string | Error)[]): AsyncIterable<Uint8Array> {
  return (async function* () {
    for (const chunk of chunks) {
      if (chunk instanceof Error) throw chunk
      yield Buffer.from(chunk, 'latin1')
    }
  })()
}

describe('what is sent', () => {
  it('keeps target, names, order and bytes', async () => {
    let seen = ''
    const listening = await upstream(async (peer) => {
      seen = await peer.until('\r\n\r\n')
      peer.send('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
    })
    await answer(listening.port, {
      method: 'FOO',
      target: '//a/%zz?x="\xe9"?',
      headers: ['hOST', 'a', 'X', '1', 'x', '\xff'],
    })
    expect(seen).toBe('FOO //a/%zz?x="\xe9"? HTTP/1.1\r\nhOST: a\r\nX: 1\r\nx: \xff\r\n\r\n')
  })

  it.each([
    ['a small body', 10],
    ['a body past one string', 20_000],
    ['a body past the socket buffers', 8_000_000],
  ])('sends %s whole', async (_, size) => {
    let received = 0
    const server = await upstream((peer) => {
      peer.socket.on('data', (chunk) => {
        received += chunk.length
        if (received >= size) peer.send('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
      })
    })
    const body = new Uint8Array(size).fill(0xe9)
    const result = await answer(server.port, { method: 'POST', body })
    expect(await textOf(result.body)).toBe('ok')
  })

  it('sends a stream chunked, or as it is when its length is known', async () => {
    const server = await upstream(async (peer, index) => {
      await peer.until(index === 0 ? '0\r\n\r\n' : 'abcde')
      peer.send(
        `HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: ${peer.text.length}\r\n\r\n`,
      )
      peer.socket.end(peer.text, 'latin1')
    })
    const first = await answer(server.port, { method: 'POST', body: streamOf('abc', 'de') })
    expect(await textOf(first.body)).toBe(
      'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n',
    )
    const second = await answer(server.port, {
      method: 'POST',
      headers: ['Content-Length', '5'],
      body: streamOf('abc', 'de'),
    })
    expect(await textOf(second.body)).toBe('POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nabcde')
  })

  it.each<[string, Partial<Outgoing>]>([
    ['a line end in a value', { headers: ['X', 'a\r\nY: b'] }],
    ['a char whose low byte is a line end', { headers: ['X', 'a\u010a'] }],
    ['a space in the target', { target: '/a b' }],
    ['a length that is not the body', { headers: ['Content-Length', '2'], body: Buffer.from('a') }],
    ['two lengths', { headers: ['Content-Length', '1', 'content-length', '1'] }],
  ])('refuses %s before connecting', async (_, more) => {
    const server = await answering('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
    expect(await failure(server.port, more)).toMatchObject({ code: 'BAD_REQUEST' })
    expect(server.sockets).toHaveLength(0)
  })
})

describe('what is received', () => {
  it.each([
    ['a length', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', 'hello'],
    [
      'chunks',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;a="b"\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n',
      'hello',
    ],
    [
      'bytes after a 100 and a 103',
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: a\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx',
      'x',
    ],
    ['none for 204', 'HTTP/1.1 204 No Content\r\n\r\n', ''],
    [
      'none for 304, whatever its length',
      'HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n',
      '',
    ],
  ])('reads a body by %s, and in one piece when it came at once', async (_, text, body) => {
    const server = await answering(text)
    const result = await answer(server.port)
    expect(result.body === undefined || result.body instanceof Uint8Array).toBe(true)
    expect(await textOf(result.body)).toBe(body)
    await answer(server.port)
    expect(server.sockets).toHaveLength(1)
  })

  it('reads a body that ends with the connection', async () => {
    const server = await answering('HTTP/1.0 200 OK\r\n\r\nhello', true)
    expect(await textOf((await answer(server.port)).body)).toBe('hello')
  })

  it('reads everything byte by byte too, trailers included', async () => {
    const text =
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 F\xe9\r\nX: \xff\r\nx:  b \r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\nT: 1\r\n\r\n'
    const server = await upstream(async (peer) => {
      peer.socket.setNoDelay(true)
      await peer.until('\r\n\r\n')
      for (const char of text) {
        await new Promise<void>((resolve) => peer.socket.write(char, 'latin1', () => resolve()))
        await new Promise((resolve) => setImmediate(resolve))
      }
    })
    const result = await answer(server.port)
    expect(result).toMatchObject({ status: 200, reason: 'F\xe9', httpVersion: '1.1' })
    expect(result.headers).toEqual(['X', '\xff', 'x', 'b', 'Transfer-Encoding', 'chunked'])
    expect(await textOf(result.body)).toBe('hello')
    expect(result.trailers?.()).toEqual(['T', '1'])
  })

  it('has no body for HEAD', async () => {
    const server = await answering('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n')
    expect((await answer(server.port, { method: 'HEAD' })).body).toBeUndefined()
  })

  it.each([
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx'],
    [
      'a length and chunks',
      'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['another encoding', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n'],
    ['chunks in HTTP/1.0', 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['a signed length', 'HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\nx'],
    ['bare line feeds', 'HTTP/1.1 200 OK\nContent-Length: 0\n\n'],
    ['one bare line feed', 'HTTP/1.1 200 OK\r\nA: b\nContent-Length: 0\r\n\r\n'],
    ['a folded header', 'HTTP/1.1 200 OK\r\nA: b\r\n c\r\nContent-Length: 0\r\n\r\n'],
    ['a space before the colon', 'HTTP/1.1 200 OK\r\nContent-Length : 0\r\n\r\n'],
    ['a NUL', 'HTTP/1.1 200 OK\r\nA: \0\r\nContent-Length: 0\r\n\r\n'],
    ['no protocol at all', 'hello, what do you want?\r\n\r\n'],
    ['a protocol of the future', 'HTTP/2.0 200 OK\r\n\r\n'],
    ['a head without end', `HTTP/1.1 200 OK\r\nA: ${'a'.repeat(70_000)}`],
    [
      'an upgrade nobody asked for',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n',
    ],
    [
      'a chunk size that is none',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n',
    ],
  ])('refuses %s', async (_, text) => {
    const server = await answering(text)
    const failed = await failure(server.port)
    expect(failed).toMatchObject({ phase: 'head', timeout: false, reused: false, byClient: false })
  })

  it.each([
    ['a length not reached', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello'],
    ['no last chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n'],
    [
      'a cut last chunk',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n',
    ],
  ])('throws while reading a body with %s', async (_, text) => {
    const server = await answering(text, true)
    const { body } = await answer(server.port)
    await expect(textOf(body)).rejects.toThrow('ECONNRESET')
  })

  it('throws on a bad chunk in the middle', async () => {
    const server = await answering(
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello',
    )
    const { body } = await answer(server.port)
    server.sockets[0]?.write('5\r\nhello')
    await expect(textOf(body)).rejects.toThrow('BAD_CHUNK')
  })

  it('holds a fast upstream back and ends it when the reader turns away', async () => {
    const size = 32 * 1024 * 1024
    const server = await upstream(async (peer) => {
      await peer.until('\r\n\r\n')
      peer.send(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`)
      peer.socket.write(Buffer.alloc(size))
    })
    const { body } = await answer(server.port)
    if (body === undefined || body instanceof Uint8Array) throw new Error('Expected a stream')
    const reader = body[Symbol.asyncIterator]()
    let drawn = (await reader.next()).value?.length ?? 0
    const socket = server.sockets[0]
    // It has stopped drawing once the upstream's buffer stays.
    for (let last = -1; last !== socket?.bytesWritten; ) {
      last = socket?.bytesWritten ?? 0
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    expect(socket?.writableLength).toBeGreaterThan(size / 2)
    for (let count = 0; count < 10; count++) drawn += (await reader.next()).value?.length ?? 0
    const closed = new Promise((resolve) => socket?.on('close', resolve))
    await reader.return?.()
    await closed
    expect(drawn).toBeGreaterThan(0)
  })

  it('passes a large body whole', async () => {
    const size = 4 * 1024 * 1024
    const server = await upstream(async (peer) => {
      await peer.until('\r\n\r\n')
      peer.send(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`)
      peer.socket.write(Buffer.alloc(size, 'x'))
    })
    const { body } = await answer(server.port)
    expect((await textOf(body)).length).toBe(size)
  })
})
