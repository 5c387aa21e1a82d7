import { describe, expect, it } from 'vitest'
import type { Answer } from '../../src/ports/server.ts'
import { responseOf, streamOf } from './answer.ts'

const encoder = new TextEncoder()

function answerOf(parts: Partial<Answer>): Answer {
  return { status: 200, reason: '', headers: [], body: undefined, ...parts }
}

function respond(parts: Partial<Answer>): Response {
  const response = responseOf(answerOf(parts), () => {})
  if (response instanceof Promise) throw new Error('It waits for its body')
  return response
}

describe('a Worker response', () => {
  it('carries bytes, and says that they left', async () => {
    const ends: boolean[] = []
    const response = respond({
      body: encoder.encode('hello'),
      finished: (whole) => ends.push(whole),
    })
    expect(await response.text()).toBe('hello')
    expect(ends).toEqual([true])
  })

  it('keeps every Set-Cookie, drops framing, decodes bytes and adds a Date', () => {
    const { headers } = respond({
      headers: ['Set-Cookie', 'a=1', 'set-cookie', 'b=2', 'Connection', 'close', 'X-A', '\xc2\xa9'],
    })
    expect(headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    expect(headers.has('connection')).toBe(false)
    expect(headers.get('x-a')).toBe('©')
    expect(headers.has('date')).toBe(true)
  })

  it.each([
    { status: 204, said: 204 },
    { status: 304, said: 304 },
    { status: 599, said: 599 },
    { status: 600, said: 502 },
  ])('answers $status as $said, and is done', ({ status, said }) => {
    const ends: boolean[] = []
    expect(respond({ status, finished: (whole) => ends.push(whole) }).status).toBe(said)
    expect(ends).toEqual([true])
  })

  it('hands a stream of the runtime on untouched when nobody waits for its end', () => {
    const body = new Blob(['x']).stream()
    expect(respond({ body }).body).toBe(body)
  })
})

describe('a fetched answer that is passed on', () => {
  const given = ['content-type', 'text/plain', 'via', '1.0 a']
  const response = new Response(null, {
    status: 404,
    statusText: 'Nowhere',
    headers: { 'Content-Type': 'text/plain', Via: '1.0 a', 'X-Unseen': '1' },
  })
  const incoming = {
    ok: true as const,
    status: 404,
    reason: 'Nowhere',
    httpVersion: '1.1',
    headers: given,
    body: undefined,
    response,
  }
  const headers = ['content-type', 'text/plain', 'Via', '1.0 a, 1.1 b']

  it('is copied, and our own take the place of what goes', () => {
    const shown = respond({ status: 404, reason: 'Nowhere', headers, incoming })
    expect([shown.status, shown.statusText]).toEqual([404, 'Nowhere'])
    expect(shown.headers.get('via')).toBe('1.0 a, 1.1 b')
    expect(shown.headers.get('x-unseen')).toBe('1')
    expect(shown.headers.has('date')).toBe(true)
    expect(response.headers.get('via')).toBe('1.0 a')
  })

  it.each([
    { what: 'status', parts: { status: 403, reason: 'Nowhere', headers } },
    { what: 'reason', parts: { status: 404, reason: 'Gone', headers } },
    { what: 'whole head', parts: { status: 404, reason: 'Nowhere', headers: ['x-a', '1'] } },
  ])('is not where a plugin changed its $what', ({ parts }) => {
    const shown = respond({ ...parts, incoming })
    expect([shown.status, shown.statusText]).toEqual([parts.status, parts.reason])
    expect(shown.headers.has('x-unseen')).toBe(false)
  })
})

describe('a small body whose end is told', () => {
  const headers = ['Content-Length', '5']

  it('passes untouched where nothing goes by the moment', () => {
    const ends: boolean[] = []
    const body = streamOfText('hello')
    const finished = (whole: boolean) => ends.push(whole)
    const response = respond({ headers, body, finished, unwatched: true })
    expect([response.body, ends]).toEqual([body, [true]])
  })

  it('is read before it counts as gone where something does', async () => {
    const ends: boolean[] = []
    const body = streamOfText('hello')
    const finished = (whole: boolean) => ends.push(whole)
    const answering = responseOf(answerOf({ headers, body, finished }), () => {})
    expect(ends).toEqual([])
    expect(await (await answering).text()).toBe('hello')
    expect(ends).toEqual([true])
  })

  function streamOfText(text: string): ReadableStream<Uint8Array> {
    return new ReadableStream({
      type: 'bytes',
      start(controller) {
        controller.enqueue(encoder.encode(text))
        controller.close()
      },
    })
  }
})

describe('streamOf', () => {
  it('fails where its source fails', async () => {
    async function* cut(): AsyncGenerator<Uint8Array> {
      yield encoder.encode('abc')
      throw new Error('cut')
    }
    const reader = streamOf(cut()).getReader()
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('abc')
    await expect(reader.read()).rejects.toThrow('cut')
  })

  it('ends its source when the reader leaves', async () => {
    let ended = false
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield encoder.encode('a')
      } finally {
        ended = true
      }
    }
    const reader = streamOf(endless()).getReader()
    await reader.read()
    await reader.cancel()
    expect(ended).toBe(true)
  })
})
