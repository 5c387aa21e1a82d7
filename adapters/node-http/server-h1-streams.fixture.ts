import { Buffer } from 'node:buffer'
import fc from 'fast-check'

const often = <T>(usual: T, ...rare: T[]) =>
  fc.oneof(
    { weight: 8, arbitrary: fc.constant(usual) },
    { weight: 2, arbitrary: fc.constantFrom(...rare) },
  )

const method = fc.constantFrom(
  'GET',
  'POST',
  'HEAD',
  'DELETE',
  'OPTIONS',
  'PUT',
  'M-SEARCH',
  'BREW',
  'get',
  'G-_T',
  'CONNECT',
)
const target = often(
  '/',
  '/a?b=c&d',
  '*',
  '*x',
  'http://a/x',
  'h+t.p://',
  '/\xe9',
  '/a b',
  'x',
  '/#f#',
  '/"<>\\^`{|}',
  '//a',
  '',
  'http://',
  '/\t',
  '/\x7f',
  '?x',
  'a:80',
)
const version = often(
  'HTTP/1.1',
  'HTTP/1.0',
  'HTTP/1.2',
  'HTTP/2.0',
  'HTTP/0.9',
  'http/1.1',
  'HTTP/1.1 ',
  'HTTP/01.1',
  'HTTP/1.10',
  '',
)
const gap = often(' ', '  ', '\t', '')
const end = fc.oneof(
  { weight: 40, arbitrary: fc.constant('\r\n') },
  { weight: 1, arbitrary: fc.constantFrom('\n', '\r', '\r\r\n', '\n\r\n', ' \r\n') },
)
const header = fc.constantFrom(
  'Connection: keep-alive',
  'Connection: close',
  'connection: Upgrade',
  'Connection: , close ,x',
  'Connection:closed',
  'Upgrade: websocket',
  'Upgrade: h2c',
  'Expect: 100-continue',
  'expect: 100-Continue ',
  'Content-Length: 3',
  'Content-Length: 03',
  'Content-Length: +3',
  'Content-Length: 3, 3',
  'Content-Length: 0x3',
  'Content-Length:',
  'Content-Length: 3 ',
  'Content-Length: 3 3',
  'Content-Length : 3',
  'Content_Length: 9',
  'Content-Length: -1',
  'Content-Length: 99999999999999999999',
  'Transfer-Encoding: chunked',
  'transfer-encoding: Chunked',
  'Transfer-Encoding: gzip, chunked',
  'Transfer-Encoding: chunked, chunked',
  'Transfer-Encoding: identity',
  'Transfer-Encoding:',
  'Transfer-Encoding: xchunked',
  'Transfer-Encoding: chunked;q=1',
  'Transfer-Encoding:\tchunked',
  'Transfer-Encoding: \x0bchunked',
  'Transfer-Encoding : chunked',
  'X: \xe9\xff',
  'X: a\x00b',
  'X: a\x7fb',
  'X:',
  'X',
  ': x',
  ' folded',
  '\tfolded: x',
  'X\xe9: a',
  'X Y: a',
  'X: a\rb',
  'X: a\nb',
  '__proto__: x',
  '"X": a',
  'X: \t a \t ',
  'Host: b',
  'Trailer: T',
)
const hexOf = (size: number) =>
  often(
    size.toString(16),
    size.toString(16).toUpperCase(),
    `00${size.toString(16)}`,
    `0x${size.toString(16)}`,
    `${size.toString(16)} `,
    ` ${size.toString(16)}`,
    `+${size}`,
    '',
    'g',
    'fffffffffffffffff',
  )
const extension = often(
  '',
  ';',
  ';a',
  ';a=b',
  '; a="b;c"',
  ' ;a',
  '\t;a',
  ';a=\xe9',
  ';a\x00',
  ';a\rb',
  ';=',
  ';a="\\"',
  ',a',
  ';a=b;c=d ',
)
const data = fc.constantFrom(
  'x',
  'abc',
  '0\r\n\r\n',
  '\r\n',
  'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
  '\x00\xff',
)
const chunk = data.chain((text) =>
  fc
    .tuple(hexOf(text.length), extension, end, end)
    .map(([size, ext, first, last]) => `${size}${ext}${first}${text}${last}`),
)
const trailer = fc.constantFrom(
  '',
  '',
  '',
  'T: 1\r\n',
  'T: 1\r\nU: \xe9\r\n',
  'Content-Length: 5\r\n',
  'T\r\n',
  ' T: 1\r\n',
  'T: a\x00\r\n',
  'T: 1\n',
  'Transfer-Encoding: chunked\r\n',
)
const chunkedBody = fc
  .tuple(
    fc.array(chunk, { maxLength: 3 }),
    often('0', '00', '0;a', '0 ', '-0', ''),
    end,
    trailer,
    end,
  )
  .map(
    ([chunks, zero, first, trailers, last]) =>
      `${chunks.join('')}${zero}${first}${trailers}${last}`,
  )

const framing = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ lines: [] as string[], body: '' }) },
  {
    weight: 3,
    arbitrary: data.map((body) => ({ lines: [`Content-Length: ${body.length}`], body })),
  },
  {
    weight: 4,
    arbitrary: chunkedBody.map((body) => ({ lines: ['Transfer-Encoding: chunked'], body })),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(data, chunkedBody).map(([body, chunked]) => ({
      lines: ['Transfer-Encoding: chunked', `Content-Length: ${body.length}`],
      body: chunked,
    })),
  },
)

const request = fc
  .tuple(
    often('', '\r\n', '\r\n\r\n', '\n', ' ', '\r'),
    method,
    gap,
    target,
    gap,
    version,
    end,
    fc.array(
      fc.oneof({ weight: 1, arbitrary: header }, { weight: 2, arbitrary: fc.constant('A: b') }),
      { maxLength: 3 },
    ),
    framing,
    end,
    end,
    fc.boolean(),
  )
  .map(
    ([
      before,
      verb,
      gap1,
      at,
      gap2,
      spoken,
      lineEnd,
      headers,
      { lines, body },
      someEnd,
      headEnd,
      first,
    ]) => {
      const all = first ? ['Host: a', ...headers, ...lines] : [...lines, ...headers, 'Host: a']
      const text = all.map((line, i) => `${line}${i === 1 ? someEnd : '\r\n'}`).join('')
      return `${before}${verb}${gap1}${at}${gap2}${spoken}${lineEnd}${text}${headEnd}${body}`
    },
  )

const plain = fc.constantFrom(
  'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
  'POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello',
  'POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;e=f\r\nabc\r\nA\r\n0123456789\r\n0\r\nT: 1\r\n\r\n',
)

const change = fc.record({
  how: fc.constantFrom('delete', 'double', 'flip', 'insert', 'swap'),
  at: fc.nat(400),
  byte: fc.oneof(
    fc.constantFrom(0, 9, 10, 11, 12, 13, 32, 44, 48, 58, 59, 127, 128, 160, 255),
    fc.nat(255),
  ),
})

function mutated(
  text: string,
  changes: readonly { how: string; at: number; byte: number }[],
): string {
  let out = text
  for (const { how, at, byte } of changes) {
    const place = out.length === 0 ? 0 : at % out.length
    const head = out.slice(0, place)
    const char = out.slice(place, place + 1)
    const tail = out.slice(place + 1)
    const other = String.fromCharCode(byte)
    if (how === 'delete') out = head + tail
    else if (how === 'double') out = head + char + char + tail
    else if (how === 'flip') out = head + other + tail
    else if (how === 'insert') out = head + other + char + tail
    else out = head + tail.slice(0, 1) + char + tail.slice(1)
  }
  return out
}

const many = { minLength: 1, maxLength: 3 }

/** A connection's bytes as text: requests one behind another, sound, odd or damaged. */
export const anyStream = fc.oneof(
  fc.array(fc.oneof(request, plain), many).map((texts) => texts.join('')),
  fc
    .tuple(fc.array(plain, many), fc.array(change, { minLength: 1, maxLength: 3 }))
    .map(([texts, changes]) => mutated(texts.join(''), changes)),
  fc
    .tuple(
      fc.array(fc.oneof(request, plain), many),
      fc.array(change, { minLength: 1, maxLength: 2 }),
    )
    .map(([texts, changes]) => mutated(texts.join(''), changes)),
)

/** Cuts a text at these places. */
export function cutAt(text: string, cuts: readonly number[]): Buffer[] {
  const bytes = Buffer.from(text, 'latin1')
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b)
  const all = [0, ...places, bytes.length]
  return all
    .slice(1)
    .map((to, i) => bytes.subarray(all[i], to))
    .filter((piece) => piece.length > 0)
}
