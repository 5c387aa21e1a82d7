import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import type { Answer, ClientRequest } from '../../src/ports/server.ts'
import { textOf } from './raw-peers.fixture.ts'
import { serverRig } from './server-rig.fixture.ts'

const { connect } = serverRig()

function reply(text: string, more: Partial<Answer> = {}): Answer {
  return { status: 200, reason: '', headers: [], body: Buffer.from(text, 'latin1'), ...more }
}

const get = (target: string, header = '') => `GET ${target} HTTP/1.1\r\nHost: a\r\n${header}\r\n`
const post = (target: string, body: string) =>
  `POST ${target} HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`

describe('requests sent together', () => {
  it('by the thousand are answered in their order, one at a time', async () => {
    let running = 0
    let most = 0
    const peer = await connect(({ target }) => {
      most = Math.max(most, ++running)
      return reply(`<${target}>`, { finished: () => running-- })
    })
    const targets = Array.from({ length: 3000 }, (_, i) => `/${i}`)
    const text = await peer.send(targets.map((target) => get(target)).join('')).until('</2999>')
    expect(text.match(/<.*?>/g)?.map((found) => found.slice(1, -1))).toEqual(targets)
    expect(most).toBe(1)
  })

  it('wait behind a body that nobody reads', async () => {
    const peer = await connect(({ target }) => reply(`<${target}>`))
    await peer.send(post('/1', 'x'.repeat(50_000)) + get('/2')).until('</2>')
    expect(peer.text).not.toContain('Connection: close')
  })

  it('are answered up to the first that is none', async () => {
    const peer = await connect(({ target }) => reply(`<${target}>`))
    expect(await peer.send(`${get('/1')}nonsense\r\n\r\n${get('/2')}`).closed).toBe('end')
    expect(peer.text).toMatch(/<\/1>HTTP\/1\.1 400 /)
    expect(peer.text).not.toContain('</2>')
  })

  it('behind one that closes are not answered', async () => {
    const asked: string[] = []
    const peer = await connect(({ target }) => {
      asked.push(target)
      return reply('ok')
    })
    await peer.send(get('/1', 'Connection: close\r\n') + get('/2')).closed
    expect(asked).toEqual(['/1'])
  })

  it('are held back when they are too many, and all of them answered', async () => {
    let go: () => void = () => {}
    const wait = new Promise<void>((resolve) => {
      go = resolve
    })
    const peer = await connect(async ({ target }) => {
      await wait
      return reply(`<${target}>`)
    })
    const header = `X: ${'x'.repeat(20_000)}\r\n`
    for (let i = 0; i < 800; i++) peer.send(get(`/${i}`, header))
    for (let last = -1; last !== peer.socket.bytesWritten; ) {
      last = peer.socket.bytesWritten
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    expect(peer.socket.writableLength).toBeGreaterThan(4 * 1024 * 1024)
    go()
    await peer.until('</799>')
  })
})

describe('a body', () => {
  it('that came with its head is there at once', async () => {
    const seen: (Uint8Array | undefined)[] = []
    const peer = await connect(async ({ body }) => {
      seen.push(await body?.bytes())
      return reply('ok')
    })
    await peer.send(post('/', 'hello')).until('ok')
    expect(seen.map((bytes) => Buffer.from(bytes ?? []).toString())).toEqual(['hello'])
  })

  it('is the same however its bytes are cut', async () => {
    const peer = await connect(async ({ body }) => reply(`<${await textOf(body?.stream())}>`))
    const chunked =
      'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x\r\nlo\r\n0\r\nT: 1\r\n\r\n'
    for (const byte of chunked) {
      peer.send(byte)
      await new Promise((resolve) => setImmediate(resolve))
    }
    await peer.until('<hello>')
    await peer.send(get('/')).until('<>')
  })

  it('that breaks its framing behind an answer ends the connection, unanswered', async () => {
    const peer = await connect(() => reply('early'))
    peer.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n')
    await peer.until('early')
    await peer.send(`abc${get('/')}`).until('early', 2)
    peer.send('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n')
    await peer.until('early', 3)
    peer.send('zz\r\n')
    await peer.closed
    expect(peer.text.split('HTTP/1.1 ').length - 1).toBe(3)
  })

  it('that breaks its framing takes its request back', async () => {
    let asked: ClientRequest | undefined
    const peer = await connect((request) => {
      asked = request
      return new Promise(() => {})
    })
    peer.send('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n')
    while (asked === undefined) await new Promise((resolve) => setImmediate(resolve))
    expect(await peer.send('zz\r\n').closed).toBe('end')
    expect(peer.text).toMatch(/^HTTP\/1\.1 400 /)
    expect(asked.gone).toBe(true)
  })
})

describe('a client that closes its side', () => {
  it('gets the rest of an answer that was written', async () => {
    const body = Buffer.alloc(8_000_000, 'x')
    const peer = await connect(() => ({ ...reply(''), body }))
    peer.send(get('/'))
    await peer.until('\r\n\r\n')
    peer.socket.end()
    expect(await peer.closed).toBe('end')
    expect(peer.text.length).toBeGreaterThan(body.length)
  })

  it('has its idle connection closed', async () => {
    const peer = await connect(() => reply('ok'))
    await peer.send(get('/')).until('ok')
    peer.socket.end()
    expect(await peer.closed).toBe('end')
  })
})

it('passes early hints on, and nothing else that comes early', async () => {
  const peer = await connect((request) => {
    request.inform?.(102, ['X', 'y'])
    request.inform?.(103, ['Link', '</a>; rel=preload', 'X', 'y'])
    request.inform?.(103, ['X', 'y'])
    return reply('ok')
  })
  const text = await peer.send(get('/')).until('ok')
  expect(text).toMatch(
    /^HTTP\/1\.1 103 Early Hints\r\nLink: <\/a>; rel=preload\r\n\r\nHTTP\/1\.1 200 /,
  )
})
