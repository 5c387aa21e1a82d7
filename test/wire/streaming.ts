import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import { chunked, readBody } from './message.ts'
import { requestText } from './raw-client.ts'
import type { WireCase, World } from './world.ts'

const MIB = 1024 * 1024
const CHUNKED = 'Transfer-Encoding: chunked\r\n'

function digestOf(bytes: Uint8Array): string {
  return createHash('sha1').update(bytes).digest('hex')
}

/** Bytes that repeat nowhere near. */
function noise(size: number): Buffer {
  const bytes = Buffer.alloc(size)
  let state = 1
  for (let at = 0; at + 4 <= size; at += 4) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    bytes.writeUInt32LE(state, at)
  }
  return bytes
}

const BIG = noise(4 * MIB)

const DOWN: readonly WireCase[] = [
  {
    name: 'sends the head before the target has any body',
    run: async ({ connect, target }) => {
      target.script = (seen) => seen.write(`HTTP/1.1 200 OK\r\n${CHUNKED}\r\n`)
      const client = await connect()
      client.write(requestText('GET /', 'echo.test'))
      expect((await client.head()).status).toBe(200)
    },
  },
  {
    name: 'hands server-sent events on one by one',
    run: async ({ connect, target }) => {
      target.script = (seen) =>
        seen.write(`HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n${CHUNKED}\r\n`)
      const client = await connect()
      client.write(requestText('GET /', 'echo.test', 'Accept: text/event-stream\r\n'))
      await client.head()
      const seen = await target.next()
      for (const n of [1, 2, 3]) {
        seen.write(`9\r\ndata: ${n}\n\n\r\n`)
        let got = ''
        while (!got.includes(`data: ${n}\n\n`)) got += (await client.reader.some()).toString()
      }
    },
  },
  {
    name: 'hands on a first byte of a length while the last is not sent',
    run: async ({ connect, target }) => {
      target.script = (seen) => seen.write('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\na')
      const client = await connect()
      client.write(requestText('GET /', 'echo.test'))
      await client.head()
      expect(`${await client.reader.take(1)}`).toBe('a')
      const seen = await target.next()
      seen.write('bc')
      expect(`${await client.reader.take(2)}`).toBe('bc')
    },
  },
  ...['Content-Length', 'chunks', 'the end of the connection'].map(
    (framing): WireCase => ({
      name: `passes 4 MiB down by ${framing}, byte for byte`,
      run: async ({ get }: World) => {
        const { answer } = await get('/', '', {
          answer: (seen) => {
            if (framing === 'chunks') {
              seen.write(`HTTP/1.1 200 OK\r\n${CHUNKED}\r\n`)
              seen.write(chunked([BIG.subarray(0, MIB), BIG.subarray(MIB)]))
            } else if (framing === 'Content-Length') {
              seen.write(`HTTP/1.1 200 OK\r\nContent-Length: ${BIG.length}\r\n\r\n`)
              seen.write(BIG)
            } else {
              seen.write('HTTP/1.1 200 OK\r\n\r\n')
              seen.socket.end(BIG)
            }
          },
        })
        expect([answer.bytes.length, digestOf(answer.bytes)]).toEqual([BIG.length, digestOf(BIG)])
      },
    }),
  ),
]

const UP: readonly WireCase[] = [
  {
    name: "hands a client's first bytes on while its last are not sent",
    run: async ({ connect, target }) => {
      target.script = async (seen) => {
        expect(`${await seen.reader.take(8)}`).toBe('3\r\nabc\r\n')
        seen.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
        seen.socket.end()
      }
      const client = await connect()
      client.write(`${requestText('POST /', 'unbuffered.test', CHUNKED)}3\r\nabc\r\n`)
      expect((await client.answer()).text).toBe('ok')
    },
  },
  ...['Content-Length', 'chunks'].map(
    (framing): WireCase => ({
      name: `passes 4 MiB up by ${framing}, byte for byte`,
      run: async ({ connect, target }: World) => {
        const client = await connect()
        if (framing === 'chunks') {
          client.write(requestText('POST /', 'echo.test', CHUNKED))
          client.write(chunked([BIG.subarray(0, MIB), BIG.subarray(MIB)]))
        } else {
          client.write(requestText('POST /', 'echo.test', `Content-Length: ${BIG.length}\r\n`))
          client.write(BIG)
        }
        expect((await client.answer()).status).toBe(200)
        const { bytes } = await (await target.next()).body()
        expect([bytes.length, digestOf(bytes)]).toEqual([BIG.length, digestOf(BIG)])
      },
    }),
  ),
  {
    name: 'carries an upload and its answer at once',
    run: async ({ connect, target }) => {
      target.script = async (seen) => {
        seen.write(`HTTP/1.1 200 OK\r\n${CHUNKED}\r\n`)
        for (const word of ['one', 'two']) {
          expect(`${await seen.reader.take(8)}`).toBe(`3\r\n${word}\r\n`)
          seen.write(`3\r\n${word}\r\n`)
        }
        seen.write('0\r\n\r\n')
      }
      const client = await connect()
      client.write(requestText('POST /', 'unbuffered.test', CHUNKED))
      for (const word of ['one', 'two']) {
        client.write(`3\r\n${word}\r\n`)
        if (word === 'one') expect((await client.head()).status).toBe(200)
        expect(`${await client.reader.take(8)}`).toBe(`3\r\n${word}\r\n`)
      }
      client.write('0\r\n\r\n')
      const rest = await readBody(
        client.reader,
        { start: '', headers: [['Transfer-Encoding', 'chunked']] },
        'none',
      )
      expect(rest.bytes.length).toBe(0)
    },
  },
  {
    name: 'answers early what a target refuses early',
    run: async ({ connect, target }) => {
      target.script = async (seen) => {
        seen.write('HTTP/1.1 413 Too much\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno')
        await seen.reader.end()
      }
      const client = await connect()
      client.write(requestText('POST /', 'unbuffered.test', 'Content-Length: 100000000\r\n', 'abc'))
      const answer = await client.answer()
      expect([answer.status, answer.text]).toEqual([413, 'no'])
    },
  },
]

/** Cases of bodies that take their time. */
export const streamingCases: readonly WireCase[] = [...DOWN, ...UP]
