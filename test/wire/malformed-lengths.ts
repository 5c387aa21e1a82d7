import { HEAD, type Message, spelled, type Verdict } from './malformed-message.ts'

const SOUND: readonly string[] = [
  'Content-Length: 5',
  'Content-Length:5',
  'Content-Length:   5',
  'Content-Length:\t5',
  'Content-Length: 5 ',
  'content-length: 5',
  'CONTENT-LENGTH: 5',
]

const UNSOUND: readonly string[] = [
  'Content-Length: 5, 5',
  'Content-Length: 5,5',
  'Content-Length: 5,6',
  'Content-Length: 5,',
  'Content-Length: ,5',
  'Content-Length: 5\r\nContent-Length: 5',
  'Content-Length: 5\r\nContent-Length: 6',
  'Content-Length: 6\r\nContent-Length: 5',
  'Content-Length: 0\r\nContent-Length: 5',
  'Content-Length: 5\r\ncontent-length: 0',
  'Content-Length: 5\r\nX: y\r\nCONTENT-LENGTH: 5',
  'Content-Length: +5',
  'Content-Length: -5',
  'Content-Length: -0',
  'Content-Length: +0',
  'Content-Length: 0x5',
  'Content-Length: 5h',
  'Content-Length: 5.0',
  'Content-Length: 5e0',
  'Content-Length: 5;',
  'Content-Length: 1_0',
  'Content-Length: "5"',
  'Content-Length: 5 5',
  'Content-Length: 5\t6',
  'Content-Length:',
  'Content-Length: ',
  'Content-Length: five',
  'Content-Length: NaN',
  'Content-Length: Infinity',
  'Content-Length: 5\x00',
  'Content-Length: \x005',
  'Content-Length: 5\x0b',
  'Content-Length: \x0c5',
  'Content-Length: \xa05',
  'Content-Length: \xef\xbc\x95',
  'Content-Length: \xd9\xa5',
  'Content-Length: 18446744073709551621',
  'Content-Length: 99999999999999999999999999',
  'Content-Length: 4294967301 5',
  'Content-Length : 5',
  'Content-Length\t: 5',
  ' Content-Length: 5',
  '\tContent-Length: 5',
  'Content-Length\x00: 5',
  'Content-Length\r\n : 5',
  'Content-Length:\r\n 5',
  'Content-Length: 5\r\n 0',
  'Content Length: 5',
  'Content-Length=5',
  'Content-Length 5',
  'X: y\rContent-Length: 5',
  'X: y\nContent-Length: 5',
  'Content-Length: 5\rX: y',
  'Content-Length: 5\nX: y',
]

function messages(line: string, verdict: Verdict): Message[] {
  return ['POST', 'GET'].map((method) => {
    const name = `${method} with ${spelled(line)}`
    const text = `${method} /ID HTTP/1.1\r\n${HEAD}${line}\r\n\r\nhello`
    return verdict === 'served' ? { name, text, verdict, body: 'hello' } : { name, text, verdict }
  })
}

/** Content-Length in every spelling. */
export const lengthCases: readonly Message[] = [
  ...SOUND.flatMap((line) => messages(line, 'served')),
  ...UNSOUND.flatMap((line) => messages(line, 'refused')),
  // A tab behind the value belongs to none, but not every parser knows.
  ...messages('Content-Length: 5\t', 'any'),
  // Zeros in front are digits too; it goes on without them.
  ...messages('Content-Length: 0000005', 'served'),
  // Too long a number for anybody to be sure of.
  ...messages('Content-Length: 000000000000000000000000000005', 'any'),
  {
    name: 'a length beyond what came',
    text: `POST /ID HTTP/1.1\r\n${HEAD}Content-Length: 5000\r\n\r\nhello`,
    verdict: 'hungry',
  },
  {
    name: 'a length short of what came',
    text: `POST /ID HTTP/1.1\r\n${HEAD}Content-Length: 2\r\n\r\nhello`,
    verdict: 'alone',
    body: 'he',
  },
  {
    name: 'no length before a body',
    text: `POST /ID HTTP/1.1\r\n${HEAD}\r\nhello\r\n\r\n`,
    verdict: 'alone',
    body: '',
  },
  {
    name: 'an unknown header like a length',
    text: `POST /ID HTTP/1.1\r\n${HEAD}Content_Length: 5\r\n\r\n`,
    verdict: 'served',
    body: '',
  },
]
