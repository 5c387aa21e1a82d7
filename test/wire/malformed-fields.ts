import { HEAD, type Message, spelled, type Verdict } from './malformed-message.ts'

type Row = readonly [line: string, verdict: Verdict]

/** Bytes no name may hold. */
const NOT_IN_NAMES = ' \t\x00\x01\x0b\x1f\x7f\x80\xe9()<>@,;\\"/[]?={}'
/** Bytes no value may hold. */
const NOT_IN_VALUES = '\x00\x01\x02\x08\x0b\x0c\x0e\x1b\x1f\x7f'

const LINES: readonly Row[] = [
  ['X-Empty:', 'served'],
  ['X-Blank:  \t ', 'served'],
  ["!#$%&'*+-.^_`|~09Az: token", 'served'],
  ['X: \x80\xe9\xff', 'served'],
  ['X: a\tb', 'served'],
  ['X: a:b:c', 'served'],
  ['__proto__: x', 'served'],
  ['constructor: x\r\nhasOwnProperty: y', 'served'],
  [`${'n'.repeat(1000)}: long name`, 'served'],
  [`X: ${'v'.repeat(8000)}`, 'served'],
  [`X: ${'v'.repeat(40_000)}`, 'refused'],
  [`${'n'.repeat(40_000)}: x`, 'refused'],
  [manyLines(90), 'served'],
  [manyLines(5000), 'refused'],
  [': nameless', 'refused'],
  [':', 'refused'],
  ['no colon', 'refused'],
  ['nocolon', 'refused'],
  ['X : space before the colon', 'refused'],
  ['X\t: tab before the colon', 'refused'],
  [' X: at the start', 'refused'],
  ['X: a\r\n folded', 'refused'],
  ['X: a\r\n\tfolded', 'refused'],
  ['X: a\r\n  \r\nY: b', 'refused'],
  ['X:\r\n folded', 'refused'],
  ['X: a\nY: b', 'refused'],
  ['X: a\rY: b', 'refused'],
  ['X: a\r\rY: b', 'refused'],
  ['X: a\n\rY: b', 'refused'],
  ['X: a\r', 'refused'],
  ['X: a\n', 'refused'],
  ['X: a\r\r\nY: b', 'refused'],
  ['X: a\n\r\nY: b', 'refused'],
  ['\rX: a', 'refused'],
  ['\nX: a', 'refused'],
  ['GET /smuggled-ID HTTP/1.1', 'refused'],
  // nginx takes each of these once: of two, gateway and upstream might each heed another.
  [twice('Authorization: Basic eDp5'), 'refused'],
  ['Authorization: Basic eDp5\r\nauthorization: Bearer z', 'refused'],
  [twice('Content-Range: bytes 0-1/2'), 'refused'],
  [twice('Expect: 100-continue'), 'refused'],
  [twice('If-Match: "a"'), 'refused'],
  [twice('If-Modified-Since: Thu, 01 Jan 1970 00:00:00 GMT'), 'refused'],
  [twice('If-None-Match: "a"'), 'refused'],
  [twice('If-Range: "a"'), 'refused'],
  [twice('If-Unmodified-Since: Thu, 01 Jan 1970 00:00:00 GMT'), 'refused'],
  ['If-Match: "a"\r\nIf-None-Match: "b"\r\nIf-Range: "c"', 'served'],
  [twice('Accept: text/html'), 'served'],
  [twice('Referer: http://a.test/'), 'served'],
]

function twice(line: string): string {
  return `${line}\r\n${line}`
}

function manyLines(count: number): string {
  return Array.from({ length: count }, (_, i) => `X-Many-${i}: v`).join('\r\n')
}

const get = (lines: string) => `GET /ID HTTP/1.1\r\n${HEAD}${lines}\r\n\r\n`

/** Header lines of every kind. */
export const headerFieldCases: readonly Message[] = [
  ...LINES.map(
    ([line, verdict]): Message => ({ name: `field ${spelled(line)}`, text: get(line), verdict }),
  ),
  ...Array.from(
    NOT_IN_NAMES,
    (char): Message => ({
      name: `name with ${spelled(char)}`,
      text: get(`X${char}Y: z`),
      verdict: 'refused',
    }),
  ),
  ...Array.from(
    NOT_IN_VALUES,
    (char): Message => ({
      name: `value with ${spelled(char)}`,
      text: get(`X: a${char}b`),
      verdict: 'refused',
    }),
  ),
  {
    name: 'bare line feeds all over',
    text: 'GET /ID HTTP/1.1\nHost: echo.test\nX-Case: ID\n\n',
    verdict: 'refused',
  },
  {
    name: 'bare line feeds at the end',
    text: `GET /ID HTTP/1.1\r\n${HEAD}\n`,
    verdict: 'refused',
  },
  {
    name: 'bare line feed after the first line',
    text: `GET /ID HTTP/1.1\n${HEAD}\r\n`,
    verdict: 'refused',
  },
  {
    name: 'bare returns all over',
    text: 'GET /ID HTTP/1.1\rHost: echo.test\rX-Case: ID\r\r',
    verdict: 'refused',
  },
  { name: 'nothing but an empty line', text: '\r\n', verdict: 'any' },
  {
    name: 'binary noise',
    text: '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03ID',
    verdict: 'refused',
  },
  { name: 'an answer', text: 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', verdict: 'refused' },
]
