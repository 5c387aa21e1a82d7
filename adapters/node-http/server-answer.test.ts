import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import type { Answer } from '../../src/ports/server.ts'
import { noting, serverRig } from './server-rig.fixture.ts'

const { serve, client } = serverRig()

function reply(body: Answer['body'], more: Partial<Answer> = {}): Answer {
  return { status: 200, reason: '', headers: ['Date', 'now'], body, ...more }
}

async function* streamOf(...chunks: (string | Error)[]): AsyncGenerator<Uint8Array, undefined> {
  for (const chunk of chunks) {
    if (chunk instanceof Error) throw chunk
    yield Buffer.from(chunk, 'latin1')
  }
}

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const text = (chars: string) => Buffer.from(chars, 'latin1')

describe('an answer', () => {
  it.each<[string, Answer, string]>([
    [
      'keeps case, order, duplicates, bytes and phrase',
      reply(text('\xe9\x00'), {
        status: 299,
        reason: 'F\xe9',
        headers: ['x-B', '1', 'X-a', '\xff', 'set-cookie', 'a', 'set-cookie', 'b', 'Date', 'now'],
      }),
      `HTTP/1.1 299 F\xe9\r\nx-B: 1\r\nX-a: \xff\r\nset-cookie: a\r\nset-cookie: b\r\nDate: now\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\n\xe9\x00`,
    ],
    [
      'has a phrase of its own for a status nobody knows',
      reply(undefined, { status: 799 }),
      `HTTP/1.1 799 \r\nDate: now\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n`,
    ],
    [
      'says what happens to the connection in a line of its own',
      reply(undefined, { headers: ['Connection', 'Upgrade', 'Upgrade', 'x', 'Date', 'now'] }),
      'HTTP/1.1 200 OK\r\nConnection: Upgrade\r\nUpgrade: x\r\nDate: now\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n',
    ],
    [
      'says it once where it was said',
      reply(undefined, { headers: ['Connection', 'Keep-Alive', 'Date', 'now'] }),
      'HTTP/1.1 200 OK\r\nDate: now\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n',
    ],
    [
      'lets who made it end the connection',
      reply(undefined, { headers: ['Connection', 'close', 'Date', 'now'] }),
      'HTTP/1.1 200 OK\r\nConnection: close\r\nDate: now\r\nContent-Length: 0\r\n\r\n',
    ],
    [
      'is chunked when its length is unknown, with trailers behind',
      reply(streamOf('abc', '', 'de'), { trailers: () => ['T', '1', 'Content-Length', '9'] }),
      'HTTP/1.1 200 OK\r\nDate: now\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\nT: 1\r\n\r\n',
    ],
    [
      'is chunked when it is whole but has trailers',
      reply(text('abc'), { trailers: () => ['T', '1'] }),
      'HTTP/1.1 200 OK\r\nDate: now\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nT: 1\r\n\r\n',
    ],
    [
      'goes by its length when it is a stream',
      reply(streamOf('abc', 'de'), { headers: ['Content-Length', '5', 'Date', 'now'] }),
      'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nDate: now\r\nConnection: keep-alive\r\n\r\nabcde',
    ],
    [
      'has its framing from the bytes, whatever its headers say',
      reply(text('abc'), {
        headers: [
          'Transfer-Encoding',
          'gzip',
          'content-length',
          '9',
          'Content-Length',
          '8',
          'Date',
          'now',
        ],
      }),
      'HTTP/1.1 200 OK\r\ncontent-length: 3\r\nDate: now\r\nConnection: keep-alive\r\n\r\nabc',
    ],
    [
      'has no body for 204',
      reply(streamOf('abc'), { status: 204, headers: ['Content-Length', '3', 'Date', 'now'] }),
      'HTTP/1.1 204 No Content\r\nDate: now\r\nConnection: keep-alive\r\n\r\n',
    ],
    [
      'has no body for 304 but its length',
      reply(undefined, { status: 304, headers: ['Content-Length', '3', 'Date', 'now'] }),
      'HTTP/1.1 304 Not Modified\r\nContent-Length: 3\r\nDate: now\r\nConnection: keep-alive\r\n\r\n',
    ],
  ])('%s', async (_, answer, expected) => {
    const { notes, first, finished } = noting()
    const answers = [{ ...answer, finished }, reply(text('NEXT'))]
    const peer = client(await serve(() => answers.shift() ?? reply(undefined)))
    peer.send(GET).send(GET)
    await first
    await peer.until('NEXT')
    expect(peer.text.slice(0, peer.text.lastIndexOf('HTTP/1.1'))).toBe(expected)
    expect(notes).toEqual([true])
  })

  it('has no body for HEAD but its length', async () => {
    const peer = client(
      await serve(() =>
        reply(streamOf('abc'), { headers: ['Content-Length', '3', 'Date', 'now'] }),
      ),
    )
    await peer.send(GET.replace('GET', 'HEAD')).until('\r\n\r\n')
    await peer.send(GET).until('abc')
    expect(
      peer.text.startsWith(
        'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nDate: now\r\nConnection: keep-alive\r\n\r\nHTTP',
      ),
    ).toBe(true)
  })

  it.each([
    ['HTTP/1.0', '', 'close'],
    ['HTTP/1.0', 'Connection: keep-alive\r\n', 'close'],
    ['HTTP/1.1', 'Host: a\r\nConnection: close\r\n', 'close'],
  ])('ends with its connection for %s %s', async (version, header, connection) => {
    const peer = client(await serve(() => reply(streamOf('abc', 'de'))))
    expect(await peer.send(`GET / ${version}\r\n${header}\r\n`).closed).toBe('end')
    expect(peer.text).toContain(`Connection: ${connection}\r\n`)
    if (version === 'HTTP/1.0') expect(peer.text.endsWith('\r\n\r\nabcde')).toBe(true)
  })

  it('passes a large body whole', async () => {
    const body = Buffer.alloc(3_000_000, 'x')
    const peer = client(await serve(() => reply(body)))
    peer.send(GET.replace('Host', 'Connection: close\r\nHost'))
    expect(await peer.closed).toBe('end')
    expect(peer.text.endsWith(`\r\n\r\n${'x'.repeat(body.length)}`)).toBe(true)
  })

  it('has its head sent while its body is still to come', async () => {
    let go: () => void = () => {}
    const wait = new Promise<void>((resolve) => {
      go = resolve
    })
    async function* late() {
      await wait
      yield text('late')
    }
    const headers = ['X', '\xe9', 'Date', 'now']
    const peer = client(await serve(() => reply(late(), { headers })))
    expect(await peer.send(GET).until('\r\n\r\n')).toContain('X: \xe9\r\n')
    go()
    await peer.until('late')
  })

  it.each<[string, Answer]>([
    ['breaks off', reply(streamOf('abc', new Error('cut')))],
    ['is shorter than promised', reply(streamOf('abc'), { headers: ['Content-Length', '9'] })],
    ['is longer than promised', reply(streamOf('abc'), { headers: ['Content-Length', '2'] })],
  ])('that %s is cut, never ended', async (_, answer) => {
    const { notes, first, finished } = noting()
    const peer = client(await serve(() => ({ ...answer, finished })))
    expect(await peer.send(GET).closed).toBe('ECONNRESET')
    expect(peer.text).not.toContain('0\r\n\r\n')
    await first
    expect(notes).toEqual([false])
  })

  it('that ends with its connection is reset when it is cut: HTTP/1.0 has no other sign', async () => {
    const peer = client(await serve(() => reply(streamOf('abc', new Error('cut')))))
    expect(await peer.send('GET / HTTP/1.0\r\n\r\n').closed).toBe('ECONNRESET')
  })

  it('that no head may hold becomes a 500', async () => {
    const { notes, finished } = noting()
    const bad = reply(undefined, { headers: ['X', 'a\r\nY: b'], finished })
    const peer = client(await serve(() => bad))
    await peer.send(GET).until('HTTP/1.1 500 ')
    expect(notes).toEqual([false])
  })

  it('comes in order when requests were sent together', async () => {
    const waits: (() => void)[] = []
    const listening = await serve(async (request) => {
      if (request.target === '/1') await new Promise<void>((resolve) => waits.push(resolve))
      else setImmediate(() => waits[0]?.())
      return reply(text(`<${request.target}>`))
    })
    const peer = client(listening)
    peer.send(GET.replace('/ ', '/1 ')).send(GET.replace('/ ', '/2 '))
    setTimeout(() => waits[0]?.(), 200)
    await peer.until('</2>')
    expect(peer.text.indexOf('</1>')).toBeLessThan(peer.text.indexOf('</2>'))
  })

  it('to an upload that nobody read reaches the client', async () => {
    const listening = await serve(() => reply(text('too much'), { status: 413 }))
    const peer = client(listening)
    peer.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4000000\r\n\r\n')
    peer.socket.write(Buffer.alloc(4_000_000))
    expect(await peer.closed).toBe('end')
    expect(peer.text).toMatch(/^HTTP\/1.1 413 [\s\S]*Connection: close\r\n\r\ntoo much$/)
  })
})
