import { expect } from 'vitest'
import { chunked } from './message.ts'
import { requestText } from './raw-client.ts'
import { plain } from './scripted-target.ts'
import type { WireCase } from './world.ts'

const BODIES: readonly WireCase[] = [
  ...[0, 1, 100, 65_536, 300_000].map(
    (size): WireCase => ({
      name: `passes a body of ${size} bytes with its length, both ways`,
      run: async ({ exchange }) => {
        const body = 'b'.repeat(size)
        const bytes = requestText('POST /', 'echo.test', `Content-Length: ${size}\r\n`, body)
        const { answer, up } = await exchange(bytes, { answer: plain(body), method: 'POST' })
        const sent = await up().body()
        expect([sent.framing, sent.bytes.length]).toEqual(['length', size])
        expect([answer.framing, answer.text.length]).toEqual(['length', size])
      },
    }),
  ),
  {
    name: 'passes a chunked body up',
    run: async ({ exchange }) => {
      const head = requestText('POST /', 'echo.test', 'Transfer-Encoding: chunked\r\n')
      const { up } = await exchange(`${head}${chunked(['hello ', 'wor', 'ld'])}`)
      const sent = await up().body()
      expect([sent.framing, `${sent.bytes}`]).toEqual(['chunked', 'hello world'])
      expect(up().values('content-length')).toEqual([])
    },
  },
  {
    name: 'passes a chunked body whose bytes come one by one',
    run: async ({ connect, target }) => {
      const client = await connect()
      const head = requestText('POST /', 'echo.test', 'Transfer-Encoding: chunked\r\n')
      for (const byte of `${head}3;ext="a"\r\nabc\r\n0\r\n\r\n`) client.write(byte)
      expect((await client.answer()).status).toBe(200)
      expect(`${(await (await target.next()).body()).bytes}`).toBe('abc')
    },
  },
  {
    name: 'passes an empty chunked body up',
    run: async ({ exchange }) => {
      const head = requestText('POST /', 'echo.test', 'Transfer-Encoding: chunked\r\n')
      const { answer, up } = await exchange(`${head}0\r\n\r\n`)
      expect([answer.status, (await up().body()).bytes.length]).toEqual([200, 0])
    },
  },
  {
    name: 'passes a GET with a body',
    run: async ({ exchange }) => {
      const { up } = await exchange(
        requestText('GET /', 'echo.test', 'Content-Length: 5\r\n', 'hello'),
      )
      expect(`${(await up().body()).bytes}`).toBe('hello')
    },
  },
  {
    name: 'passes a DELETE with a body',
    run: async ({ exchange }) => {
      const { up } = await exchange(
        requestText('DELETE /', 'echo.test', 'Content-Length: 5\r\n', 'hello'),
      )
      expect(`${(await up().body()).bytes}`).toBe('hello')
    },
  },
  {
    name: 'sends no body where a POST has none',
    run: async ({ exchange }) => {
      const { up } = await exchange(requestText('POST /', 'echo.test', 'Content-Length: 0\r\n'))
      expect(up().values('content-length')).toEqual(['0'])
      expect(up().values('transfer-encoding')).toEqual([])
    },
  },
  {
    name: 'passes a body unread where buffering is off',
    run: async ({ exchange }) => {
      const { up } = await exchange(
        requestText('POST /', 'unbuffered.test', 'Content-Length: 5\r\n', 'hello'),
      )
      const sent = await up().body()
      expect([sent.framing, `${sent.bytes}`]).toEqual(['length', 'hello'])
    },
  },
]

const ANSWERS: readonly WireCase[] = [
  {
    name: 'passes a chunked answer down',
    run: async ({ get }) => {
      const said = `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunked(['a', 'bc'])}`
      const { answer } = await get('/', '', { answer: said })
      expect([answer.status, answer.text]).toEqual([200, 'abc'])
    },
  },
  {
    name: 'reads an answer that ends with its connection',
    run: async ({ get }) => {
      const { answer } = await get('/', '', {
        answer: (seen) => {
          seen.socket.end('HTTP/1.1 200 OK\r\n\r\nto the end')
        },
      })
      expect([answer.status, answer.text]).toEqual([200, 'to the end'])
      expect(answer.framing).not.toBe('close')
    },
  },
  {
    name: 'reads an answer in HTTP/1.0',
    run: async ({ get }) => {
      const { answer } = await get('/', '', {
        answer: (seen) => {
          seen.socket.end('HTTP/1.0 200 OK\r\n\r\nold')
        },
      })
      expect([answer.httpVersion, answer.text]).toEqual(['HTTP/1.1', 'old'])
    },
  },
  {
    name: 'answers a client of HTTP/1.0 without chunks',
    run: async ({ exchange }) => {
      const said = `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunked(['a', 'bc'])}`
      const { answer } = await exchange('GET / HTTP/1.0\r\nHost: echo.test\r\n\r\n', {
        answer: said,
      })
      expect([answer.status, answer.text]).toEqual([200, 'abc'])
      expect(answer.framing).not.toBe('chunked')
    },
  },
  {
    name: 'asks the target in HTTP/1.1 for a client of HTTP/1.0, and tells in Via',
    run: async ({ exchange }) => {
      const { up } = await exchange('GET / HTTP/1.0\r\nHost: echo.test\r\n\r\n')
      expect(up().values('via').join()).toMatch(/^1 /)
    },
  },
  {
    name: 'closes after an answer to HTTP/1.0',
    run: async ({ connect }) => {
      const client = await connect()
      client.write('GET / HTTP/1.0\r\nHost: echo.test\r\n\r\n')
      expect((await client.answer()).status).toBe(200)
      await client.reader.end()
    },
  },
  {
    name: 'keeps a connection of HTTP/1.0 where asked to',
    run: async ({ connect }) => {
      const client = await connect()
      for (const _ of [1, 2]) {
        client.write('GET / HTTP/1.0\r\nHost: echo.test\r\nConnection: keep-alive\r\n\r\n')
        expect((await client.answer()).values('connection').join()).toMatch(/keep-alive/i)
      }
    },
  },
  {
    name: 'answers HEAD with the length of what it does not send',
    run: async ({ connect, target }) => {
      target.script = (seen) => seen.write('HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n')
      const client = await connect()
      client.write(requestText('HEAD /', 'echo.test').repeat(2))
      for (const _ of [1, 2]) {
        const answer = await client.answer('HEAD')
        expect([answer.status, answer.values('content-length')]).toEqual([200, ['1234']])
      }
      expect(client.reader.waiting).toBe(0)
    },
  },
  {
    name: 'answers HEAD of a chunked answer without a body',
    run: async ({ connect, target }) => {
      target.script = (seen) => seen.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')
      const client = await connect()
      client.write(requestText('HEAD /', 'echo.test').repeat(2))
      for (const _ of [1, 2]) expect((await client.answer('HEAD')).status).toBe(200)
      expect(client.reader.waiting).toBe(0)
    },
  },
  ...[204, 304].map(
    (status): WireCase => ({
      name: `answers ${status} without a body, and goes on`,
      run: async ({ connect, target }) => {
        target.script = (seen) => seen.write(`HTTP/1.1 ${status} X\r\nETag: "a"\r\n\r\n`)
        const client = await connect()
        client.write(requestText('GET /', 'echo.test').repeat(2))
        for (const _ of [1, 2]) {
          const answer = await client.answer()
          expect([answer.status, answer.values('etag')]).toEqual([status, ['"a"']])
          expect(answer.values('transfer-encoding')).toEqual([])
        }
        expect(client.reader.waiting).toBe(0)
      },
    }),
  ),
  {
    name: 'keeps the length a 304 tells',
    run: async ({ get }) => {
      const { answer } = await get('/', '', {
        answer: 'HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n',
      })
      expect([answer.status, answer.values('content-length')]).toEqual([304, ['99']])
    },
  },
  {
    name: 'answers 205 and an empty 200',
    run: async ({ get }) => {
      expect(
        (await get('/', '', { answer: plain('', '', '205 Reset Content') })).answer,
      ).toMatchObject({ status: 205, text: '' })
      expect((await get('/', '', { answer: plain('') })).answer).toMatchObject({
        status: 200,
        text: '',
      })
    },
  },
]

const TRAILED = `HTTP/1.1 200 OK\r\nTrailer: X-T\r\nTransfer-Encoding: chunked\r\n\r\n${chunked(
  ['abc'],
  'X-T: 1\r\nX-U: 2\r\n',
)}`

const TRAILERS: readonly WireCase[] = [
  {
    name: 'passes trailers to a client that asks for them',
    run: async ({ get }) => {
      const { answer } = await get('/', 'TE: trailers\r\nConnection: TE\r\n', { answer: TRAILED })
      expect([answer.text, answer.trailers]).toEqual([
        'abc',
        [
          ['X-T', '1'],
          ['X-U', '2'],
        ],
      ])
      expect(answer.values('trailer')).toEqual(['X-T'])
    },
  },
  {
    name: 'drops trailers nobody asked for',
    run: async ({ get }) => {
      const { answer } = await get('/', '', { answer: TRAILED })
      expect([answer.text, answer.trailers, answer.values('trailer')]).toEqual(['abc', [], []])
    },
  },
  {
    name: 'drops trailers that would frame or route',
    run: async ({ get }) => {
      const said = `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunked(
        ['abc'],
        'Content-Length: 1\r\nSet-Cookie: a=1\r\nTransfer-Encoding: x\r\n',
      )}`
      const { answer } = await get('/', 'TE: trailers\r\nConnection: TE\r\n', { answer: said })
      expect([answer.text, answer.trailers]).toEqual(['abc', []])
    },
  },
  {
    name: 'takes a chunked upload with trailers, and passes none on',
    run: async ({ exchange }) => {
      const head = requestText('POST /', 'echo.test', 'Transfer-Encoding: chunked\r\n')
      const { answer, up } = await exchange(`${head}${chunked(['abc'], 'X-T: 1\r\n')}`)
      const sent = await up().body()
      expect([answer.status, `${sent.bytes}`, sent.trailers]).toEqual([200, 'abc', []])
    },
  },
]

/** Cases of where messages end. */
export const framingCases: readonly WireCase[] = [...BODIES, ...ANSWERS, ...TRAILERS]
