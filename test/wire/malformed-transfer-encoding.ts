import { HEAD, type Message, SMUGGLED, spelled, type Verdict } from './malformed-message.ts'

/** Well-formed, however it is spelled. */
const SOUND: readonly string[] = [
  'Transfer-Encoding: chunked',
  'Transfer-Encoding:chunked',
  'Transfer-Encoding:\tchunked',
  'Transfer-Encoding: chunked ',
  'Transfer-Encoding: Chunked',
  'Transfer-Encoding: CHUNKED',
  'transfer-encoding: chunked',
  'TRANSFER-ENCODING: chunked',
]

/** What one parser may take for chunked and another not. */
const UNSOUND: readonly string[] = [
  'Transfer-Encoding : chunked',
  'Transfer-Encoding\t: chunked',
  ' Transfer-Encoding: chunked',
  '\tTransfer-Encoding: chunked',
  'Transfer-Encoding: "chunked"',
  "Transfer-Encoding: 'chunked'",
  'Transfer-Encoding: xchunked',
  'Transfer-Encoding: chunkedx',
  'Transfer-Encoding: chu nked',
  'Transfer-Encoding: chunk',
  'Transfer-Encoding: identity',
  'Transfer-Encoding: gzip',
  'Transfer-Encoding: gzip, chunked',
  'Transfer-Encoding: chunked, gzip',
  'Transfer-Encoding: chunked, identity',
  'Transfer-Encoding: identity, chunked',
  'Transfer-Encoding: chunked, chunked',
  'Transfer-Encoding: ,chunked',
  'Transfer-Encoding: chunked,',
  'Transfer-Encoding: chunked;q=1',
  'Transfer-Encoding:',
  'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked',
  'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity',
  'Transfer-Encoding: identity\r\nTransfer-Encoding: chunked',
  'Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked',
  'Transfer-Encoding: chunked\r\ntransfer-encoding: x',
  'Transfer-Encoding:\x0bchunked',
  'Transfer-Encoding: \x0cchunked',
  'Transfer-Encoding: chunked\x0b',
  'Transfer-Encoding: \x00chunked',
  'Transfer-Encoding: chunked\x00',
  'Transfer\x00-Encoding: chunked',
  'Transfer-Encodin g: chunked',
  'Transfer-Encoding\r\n : chunked',
  'Transfer-Encoding:\r\n chunked',
  'Transfer-Encoding: \r\n\tchunked',
  'Transfer-Encoding: chunked\r\n ',
  'X: a\rTransfer-Encoding: chunked',
  'X: a\nTransfer-Encoding: chunked',
  'Transfer-Encoding: chunked\rX: a',
  'Transfer-Encoding: chunked\nX: a',
  'Transfer-Encoding: \xa0chunked',
  'Transfer-Encoding: chun\xe2\x84\xaaed',
  'Transfer-Encoding; chunked',
  'Transfer-Encoding= chunked',
  'Transfer-Encoding chunked',
]

/** Headers like any other. */
const OTHERS: readonly string[] = [
  'Transfer_Encoding: chunked',
  'X-Transfer-Encoding: chunked',
  'Transfer-Encodings: chunked',
  'Content-Encoding: chunked',
]

const CHUNKS = '5\r\nhello\r\n0\r\n\r\n'
/** Who believes in chunks finds a request behind the last. */
const SHORT_CHUNKS = `0\r\n\r\n${SMUGGLED}`
/** Who believes in the length finds a request in the first. */
const LONG_CHUNKS = `5b\r\n${SMUGGLED.padEnd(0x5b, 'x')}\r\n0\r\n\r\n`

const post = (headers: string, body: string) => `POST /ID HTTP/1.1\r\n${HEAD}${headers}\r\n${body}`
// An id is as long as these two letters.
const lengthOf = (text: string) => text.length

function alone(line: string, verdict: Verdict): Message {
  const name = `coding alone: ${spelled(line)}`
  const text = post(`${line}\r\n`, CHUNKS)
  return verdict === 'served' ? { name, text, verdict, body: 'hello' } : { name, text, verdict }
}

function beside(line: string, verdict: Verdict): Message[] {
  const length = `Content-Length: ${lengthOf(SHORT_CHUNKS)}`
  return [
    {
      name: `length, then coding: ${spelled(line)}`,
      text: post(`${length}\r\n${line}\r\n`, SHORT_CHUNKS),
      verdict,
    },
    {
      name: `coding, then length: ${spelled(line)}`,
      text: post(`${line}\r\nContent-Length: 4\r\n`, LONG_CHUNKS),
      // Behind four bytes such a body goes on with what is no request.
      verdict: verdict === 'served' ? 'alone' : verdict,
    },
  ]
}

/** Transfer-Encoding in every spelling, alone and beside a Content-Length. */
export const transferEncodingCases: readonly Message[] = [
  ...SOUND.map((line) => alone(line, 'served')),
  // A tab behind the value belongs to none, but not every parser knows.
  alone('Transfer-Encoding: chunked\t', 'any'),
  ...UNSOUND.map((line) => alone(line, 'refused')),
  ...SOUND.flatMap((line) => beside(line, 'refused')),
  ...UNSOUND.flatMap((line) => beside(line, 'refused')),
  ...OTHERS.map((line) => alone(line, 'alone')),
  ...OTHERS.flatMap((line) => beside(line, 'served')),
  {
    name: 'a coding in HTTP/1.0',
    text: `POST /ID HTTP/1.0\r\n${HEAD}Transfer-Encoding: chunked\r\n\r\n${CHUNKS}`,
    verdict: 'refused',
  },
  {
    name: 'a coding in HTTP/1.0 that wants to go on',
    text: `POST /ID HTTP/1.0\r\n${HEAD}Connection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n${SHORT_CHUNKS}`,
    verdict: 'refused',
  },
  {
    name: 'a coding named by Connection',
    text: post('Connection: Transfer-Encoding\r\nTransfer-Encoding: chunked\r\n', CHUNKS),
    verdict: 'served',
    body: 'hello',
  },
  {
    name: 'a length named by Connection',
    text: post('Connection: Content-Length\r\nContent-Length: 5\r\n', 'hello'),
    verdict: 'served',
    body: 'hello',
  },
]
