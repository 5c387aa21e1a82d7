import { Buffer } from 'node:buffer'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { expect } from 'vitest'
import { plain } from './scripted-target.ts'
import type { WireCase } from './world.ts'

/** Statuses and reasons a target may answer. */
const STATUSES: readonly string[] = [
  '200 OK',
  '200 Alles gut: ja!',
  '201 Created',
  '206 Partial Content',
  '226 IM Used',
  '299 Own',
  '300 Multiple Choices',
  '301 Moved Permanently',
  '303 See Other',
  '400 Bad Request',
  '401 Unauthorized',
  '407 Proxy Authentication Required',
  '421 Misdirected Request',
  '426 Upgrade Required',
  '451 Unavailable For Legal Reasons',
  '499 Own',
  '500 Oops',
  '511 Network Authentication Required',
  '599 Own',
  '600 Beyond',
  '999 Last',
]

/** What no answer may be. */
const BROKEN: readonly (readonly [name: string, bytes: string])[] = [
  ['no HTTP', 'SSH-2.0-x\r\n\r\n'],
  ['a status of two digits', 'HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n'],
  ['a status of four digits', 'HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n'],
  ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
  [
    'a length and chunks',
    'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
  ['a length that is none', 'HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\nab'],
  ['a space before a colon', 'HTTP/1.1 200 OK\r\nX-A : 1\r\nContent-Length: 0\r\n\r\n'],
  ['a NUL in a header', 'HTTP/1.1 200 OK\r\nX-A: a\x00b\r\nContent-Length: 0\r\n\r\n'],
  ['a bare line feed', 'HTTP/1.1 200 OK\nContent-Length: 0\n\n'],
  [
    'a 101 nobody asked for',
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n',
  ],
]

const TEXT = Buffer.from('hello, hello, hello '.repeat(100))

const ENCODED: readonly (readonly [coding: string, bytes: Buffer])[] = [
  ['gzip', gzipSync(TEXT)],
  ['br', brotliCompressSync(TEXT)],
  ['deflate', deflateSync(TEXT)],
  ['own', TEXT],
  ['gzip', Buffer.from('this is no gzip')],
]

/** Cases of statuses, broken answers and encoded bodies. */
export const statusCases: readonly WireCase[] = [
  ...STATUSES.map(
    (status): WireCase => ({
      name: `passes ${status}`,
      run: async ({ get }) => {
        const { answer } = await get('/', '', { answer: plain('body', '', status) })
        expect([`${answer.status} ${answer.reason}`, answer.text]).toEqual([status, 'body'])
      },
    }),
  ),
  {
    name: 'passes a status without a reason',
    run: async ({ get }) => {
      const { answer } = await get('/', '', {
        answer: 'HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n',
      })
      expect(answer.status).toBe(200)
    },
  },
  ...BROKEN.map(
    ([name, bytes]): WireCase => ({
      name: `answers 502 to ${name}`,
      run: async ({ get }) => {
        const { answer } = await get('/', 'Accept: application/json\r\n', {
          answer: (seen) => {
            seen.socket.end(Buffer.from(bytes, 'latin1'))
          },
        })
        expect(answer.status).toBe(502)
        expect(JSON.parse(answer.text)).toMatchObject({
          message: 'An invalid response was received from the upstream server',
        })
      },
    }),
  ),
  ...ENCODED.flatMap(([coding, bytes], i) =>
    ['', 'Accept-Encoding: gzip, br\r\n'].map(
      (asked): WireCase => ({
        name: `passes ${coding} bytes as they are (${i + 1}${asked === '' ? '' : ', asked for'})`,
        run: async ({ get }) => {
          const head = `HTTP/1.1 200 OK\r\nContent-Encoding: ${coding}\r\nContent-Length: ${bytes.length}\r\n\r\n`
          const { answer } = await get('/', asked, {
            answer: Buffer.concat([Buffer.from(head), bytes]),
          })
          expect(answer.values('content-encoding')).toEqual([coding])
          expect(answer.values('content-length')).toEqual([`${bytes.length}`])
          expect(answer.bytes.equals(bytes)).toBe(true)
        },
      }),
    ),
  ),
  {
    name: 'passes an encoded upload as it is',
    run: async ({ exchange }) => {
      const bytes = gzipSync(TEXT)
      const head = `POST / HTTP/1.1\r\nHost: echo.test\r\nContent-Encoding: gzip\r\nContent-Length: ${bytes.length}\r\n\r\n`
      const { up } = await exchange(Buffer.concat([Buffer.from(head), bytes]))
      expect((await up().body()).bytes.equals(bytes)).toBe(true)
    },
  },
]
