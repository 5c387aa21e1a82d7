import { Buffer } from 'node:buffer'
import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import type { Answer, ClientRequest } from '../../src/ports/server.ts'
import { textOf } from './raw-peers.fixture.ts'
import { listen } from './server.ts'
import { serverRig } from './server-rig.fixture.ts'

const { serve, client } = serverRig()

function reply(text: string, more: Partial<Answer> = {}): Answer {
  const headers = ['Date', 'now']
  return { status: 200, reason: '', headers, body: Buffer.from(text, 'latin1'), ...more }
}

/** Answers with what came in. */
async function echo(request: ClientRequest): Promise<Answer> {
  return reply(await textOf(request.body?.stream()))
}

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

describe('a request', () => {
  it('comes with its exact bytes', async () => {
    let seen: ClientRequest | undefined
    const listening = await serve((request) => {
      seen = request
      return reply('ok')
    })
    await client(listening)
      .send('GET //a/../%zz?x="? HTTP/1.1\r\nhOST: a:1\r\nX: 1\r\nx: \xff\r\nX:  2 \r\n\r\n')
      .until('ok')
    expect(seen).toMatchObject({
      method: 'GET',
      target: '//a/../%zz?x="?',
      headers: ['hOST', 'a:1', 'X', '1', 'x', '\xff', 'X', '2'],
      httpVersion: '1.1',
      scheme: 'http',
      ip: '127.0.0.1',
      localIp: '127.0.0.1',
      localPort: listening.port,
      body: undefined,
      upgrade: false,
    })
  })

  it.each([
    ['of known length', 'Content-Length: 5\r\n\r\nhello'],
    ['in chunks', 'Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n'],
  ])('has a body %s', async (_, rest) => {
    const peer = client(await serve(echo))
    await peer.send(`GET / HTTP/1.1\r\nHost: a\r\n${rest}${GET}`).until('HTTP/1.1 200 OK', 2)
    expect(peer.text).toContain('Content-Length: 5\r\nConnection: keep-alive\r\n\r\nhelloHTTP/1.1')
  })

  it.each([
    ['no Host', 'GET / HTTP/1.1\r\n\r\n'],
    ['two Hosts', 'GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n'],
    ['an empty Host', 'GET / HTTP/1.1\r\nHost:\r\n\r\n'],
    ['a path in Host', 'GET / HTTP/1.1\r\nHost: a/b\r\n\r\n'],
    ['a user in Host', 'GET / HTTP/1.1\r\nHost: user@a\r\n\r\n'],
    ['two Hosts in HTTP/1.0', 'GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n'],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx',
    ],
    [
      'an empty encoding',
      'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\nContent-Length: 1\r\n\r\nx',
    ],
    [
      'another encoding',
      'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
    ],
    ['chunks in HTTP/1.0', 'POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['a method that is none', 'G@T / HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['no HTTP at all', 'hello\r\n\r\n'],
    ['a bare line feed', 'GET / HTTP/1.1\nHost: a\n\n'],
    [
      'a bad chunk',
      'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n',
    ],
  ])('with %s is refused and the connection closed', async (_, text) => {
    const asked: [number, string][] = []
    const peer = client(
      await serve(echo, {
        onBadRequest(status, reason) {
          asked.push([status, reason])
          return reply('refused', { status })
        },
      }),
    )
    expect(await peer.send(text).closed).toBe('end')
    expect(peer.text).toMatch(
      /^HTTP\/1.1 400 Bad Request\r\n[\s\S]*Connection: close\r\n\r\nrefused$/,
    )
    expect(asked).toEqual([[400, 'Bad request']])
  })

  it.each([
    ['33 KiB', `X: ${'a'.repeat(33 * 1024)}\r\n`],
    ['1001 lines', 'a: b\r\n'.repeat(1001)],
  ])('with %s of headers is refused', async (_, headers) => {
    const peer = client(await serve(echo))
    await peer.send(`GET / HTTP/1.1\r\nHost: a\r\n${headers}\r\n`).closed
    expect(peer.text).toMatch(/^HTTP\/1.1 400 [\s\S]*Bad request/)
  })

  it('by CONNECT is refused', async () => {
    const peer = client(await serve(echo))
    await peer.send('CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n').closed
    expect(peer.text).toMatch(/^HTTP\/1.1 405 /)
  })

  it.each([
    ['GET', '', ''],
    ['POST', 'Content-Length: 3\r\n', 'abc'],
    ['POST', 'Transfer-Encoding: chunked\r\n', '3\r\nabc\r\n0\r\n\r\n'],
  ])('that asks for h2c is served as if it had not: %s %s', async (method, header, body) => {
    const peer = client(await serve(echo))
    peer.send(
      `${method} / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n${header}\r\n${body}`,
    )
    await peer.until(body === '' ? '\r\n\r\n' : '\r\n\r\nabc')
    expect(peer.text).toMatch(/^HTTP\/1.1 200 OK\r\n/)
    expect(peer.text).not.toContain('Upgrade')
    // The connection goes on as it was.
    await peer.send(GET).until('HTTP/1.1 200 OK', 2)
  })

  it('that expects a 100 gets it when its body is read, and not before', async () => {
    let go: () => void = () => {}
    const wait = new Promise<void>((resolve) => {
      go = resolve
    })
    const head =
      'POST /read HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n'
    const listening = await serve(async (request) => {
      if (request.target === '/no') return reply('no', { status: 403 })
      await wait
      return echo(request)
    })
    const peer = client(listening).send(head)
    const other = client(listening).send(head.replace('/read', '/no'))
    await other.closed
    expect(other.text).toMatch(/^HTTP\/1.1 403 Forbidden\r\n[\s\S]*Connection: close\r\n\r\nno$/)
    expect(peer.text).toBe('')
    go()
    await peer.until('HTTP/1.1 100 Continue\r\n\r\n')
    await peer.send('abc').until('\r\n\r\nabc')
  })

  it('that expects anything else gets a 417', async () => {
    const peer = client(await serve(echo))
    peer.send('GET / HTTP/1.1\r\nHost: a\r\nExpect: wonders\r\n\r\n')
    await peer.until('HTTP/1.1 417 ')
  })

  it('that is cut is never read as whole', async () => {
    let failed: (error: unknown) => void = () => {}
    const failure = new Promise((resolve) => {
      failed = resolve
    })
    const listening = await serve(async (request) => {
      try {
        await request.body?.bytes()
        failed('whole')
      } catch (error) {
        failed(error)
      }
      return reply('late')
    })
    const peer = client(listening).send(
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabc',
    )
    peer.socket.end()
    expect(await failure).toBeInstanceOf(Error)
  })

  it.each([
    ['announced', 'Content-Length: 100000\r\n\r\n'],
    ['counted', `Transfer-Encoding: chunked\r\n\r\nb\r\n${'a'.repeat(11)}\r\n`],
  ])('too long for the listener, as %s, is refused with 413', async (_, rest) => {
    const peer = client(await serve(echo, { maxBody: 10 }))
    await peer.send(`POST / HTTP/1.1\r\nHost: a\r\n${rest}`).until('HTTP/1.1 413 ')
    expect(await peer.until('Payload too large')).toContain('Connection: close')
  })

  it('waits when nobody reads its body', async () => {
    let request: ClientRequest | undefined
    const listening = await serve((asked) => {
      request = asked
      return new Promise(() => {})
    })
    const peer = client(listening)
    peer.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 67108864\r\n\r\n')
    peer.socket.write(Buffer.alloc(64 * 1024 * 1024))
    for (let last = -1; last !== peer.socket.bytesWritten || request === undefined; ) {
      last = peer.socket.bytesWritten
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    expect(peer.socket.writableLength).toBeGreaterThan(32 * 1024 * 1024)
  })
})

it('cuts an upload that has stopped', async () => {
  const peer = client(await serve(echo, { limits: { bodyTimeout: 100 } }))
  await peer.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabc').closed
  expect(peer.text).toMatch(/^HTTP\/1.1 408 [\s\S]*Connection: close/)
})

it('rejects when the port is taken', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const address = other.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  await expect(listen({ host: '127.0.0.1', port, handle: echo })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  })
  other.close()
})

it('cuts a slow head', async () => {
  const peer = client(await serve(echo, { limits: { headersTimeout: 100 } }))
  await peer.send('GET / HTTP/1.1\r\nHos').closed
  expect(peer.text).toMatch(/^HTTP\/1.1 408 /)
})

it('answers 500 when the handler breaks', async () => {
  const peer = client(await serve(() => Promise.reject(new Error('bug'))))
  expect(await peer.send(GET).until('An unexpected error occurred')).toMatch(/^HTTP\/1.1 500 /)
})
