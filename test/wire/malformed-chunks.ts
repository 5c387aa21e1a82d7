import { HEAD, type Message, SMUGGLED, spelled, type Verdict } from './malformed-message.ts'

type Row = readonly [text: string, verdict: Verdict]

/** Lines that tell a chunk's size: of five bytes, if of any. */
const SIZES: readonly Row[] = [
  ['5\r\n', 'served'],
  ['05\r\n', 'served'],
  ['00000005\r\n', 'served'],
  ['5;\r\n', 'any'],
  ['5;a\r\n', 'served'],
  ['5;a=b\r\n', 'served'],
  ['5;a="b;c"\r\n', 'served'],
  ['5;a=b;c=d\r\n', 'served'],
  ['5 ;a=b\r\n', 'any'],
  ['5;a="\r\n', 'any'],
  [`5;${'a'.repeat(100)}\r\n`, 'served'],
  [`5;${'a'.repeat(40_000)}\r\n`, 'any'],
  ['5 \r\n', 'any'],
  ['5\t\r\n', 'any'],
  [' 5\r\n', 'refused'],
  ['\t5\r\n', 'refused'],
  ['+5\r\n', 'refused'],
  ['-5\r\n', 'refused'],
  ['0x5\r\n', 'refused'],
  ['5h\r\n', 'refused'],
  ['5.0\r\n', 'refused'],
  ['5_0\r\n', 'refused'],
  ['5,5\r\n', 'refused'],
  ['5 5\r\n', 'refused'],
  ['"5"\r\n', 'refused'],
  ['g\r\n', 'refused'],
  ['\r\n', 'refused'],
  [';a=b\r\n', 'refused'],
  ['5\n', 'refused'],
  ['5\r', 'refused'],
  ['5\n\r\n', 'refused'],
  ['5\r\r\n', 'refused'],
  ['5;a\n', 'refused'],
  ['5;a\rb\r\n', 'refused'],
  ['5;a\nb\r\n', 'refused'],
  ['5;a\x00b\r\n', 'any'],
  ['5\x00\r\n', 'refused'],
  ['\x005\r\n', 'refused'],
  ['5\x0b\r\n', 'refused'],
  ['5\xa0\r\n', 'refused'],
  ['\xef\xbc\x95\r\n', 'refused'],
  ['ffffffffffffffff\r\n', 'any'],
  ['10000000000000005\r\n', 'refused'],
  ['fffffffffffffffffffffffff5\r\n', 'refused'],
  ['100000000\r\n', 'hungry'],
]

/** What follows five bytes of a chunk. */
const ENDS: readonly Row[] = [
  ['\n0\r\n\r\n', 'refused'],
  ['\r0\r\n\r\n', 'refused'],
  ['0\r\n\r\n', 'refused'],
  ['x\r\n0\r\n\r\n', 'refused'],
  ['xx0\r\n\r\n', 'refused'],
  [' \r\n0\r\n\r\n', 'refused'],
  ['\n\r0\r\n\r\n', 'refused'],
  ['\r\n\r\n0\r\n\r\n', 'refused'],
  ['\r\n', 'refused'],
  ['\r\n00\r\n\r\n', 'served'],
  ['\r\n0;a=b\r\n\r\n', 'served'],
  ['\r\n-0\r\n\r\n', 'refused'],
  ['\r\n+0\r\n\r\n', 'refused'],
  ['\r\n0x0\r\n\r\n', 'refused'],
  ['\r\n0\n\r\n', 'refused'],
  ['\r\n0\n\n', 'refused'],
  ['\r\n0\r\n\n', 'refused'],
  ['\r\n0\r\r\n', 'refused'],
  ['\r\n0 \r\n\r\n', 'any'],
  ['\r\n0\x00\r\n\r\n', 'refused'],
  ['\r\n0\r\nX-T: y\r\n\r\n', 'served'],
  ['\r\n0\r\nX-T: y\r\nX-U: z\r\n\r\n', 'served'],
  ['\r\n0\r\nX-T : y\r\n\r\n', 'refused'],
  ['\r\n0\r\n X-T: y\r\n\r\n', 'refused'],
  ['\r\n0\r\nX-T: y\r\n folded\r\n\r\n', 'refused'],
  ['\r\n0\r\nX-T: y\n\r\n', 'refused'],
  ['\r\n0\r\nX-T: a\x00b\r\n\r\n', 'refused'],
  ['\r\n0\r\nno colon\r\n\r\n', 'refused'],
  ['\r\n0\r\nContent-Length: 5\r\n\r\n', 'any'],
  ['\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n', 'any'],
  ['\r\n0\r\nHost: other.test\r\n\r\n', 'any'],
  [`\r\n0\r\nX-T: ${'t'.repeat(100_000)}\r\n\r\n`, 'refused'],
  [`\r\n0\r\n${SMUGGLED}y\r\n\r\n`, 'refused'],
]

const post = (body: string) =>
  `POST /ID HTTP/1.1\r\n${HEAD}Transfer-Encoding: chunked\r\n\r\n${body}`

function message([text, verdict]: Row, what: string, body: string): Message {
  const name = `${what} ${spelled(text)}`
  return verdict === 'served'
    ? { name, text: post(body), verdict, body: 'hello' }
    : { name, text: post(body), verdict }
}

/** Chunked bodies of every kind. */
export const chunkCases: readonly Message[] = [
  ...SIZES.map((row) => message(row, 'chunk size', `${row[0]}hello\r\n0\r\n\r\n`)),
  ...ENDS.map((row) => message(row, 'chunk end', `5\r\nhello${row[0]}`)),
  {
    name: 'a request in an extension, behind a bare line feed',
    text: post(`2;\nxx\r\n4c\r\n0\r\n\r\n${SMUGGLED}\r\n0\r\n\r\n`),
    verdict: 'refused',
  },
  {
    name: 'a request behind an extension, ended by a bare return',
    text: post(`2;\rxx\r\n0\r\n\r\n${SMUGGLED}\r\n0\r\n\r\n`),
    verdict: 'refused',
  },
  {
    name: 'chunks that never end',
    text: post('5\r\nhello\r\n').concat('ffff\r\n'),
    verdict: 'hungry',
  },
]
