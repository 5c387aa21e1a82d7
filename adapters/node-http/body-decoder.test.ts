import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BodyDecoder, type Framing } from './body-decoder.ts'

/** Feeds a text cut at the given places; tells the body and where it ended. */
function decode(framing: Framing, text: string, cuts: readonly number[] = []) {
  const decoder = new BodyDecoder(framing)
  let body = ''
  const sink = {
    take(piece: Buffer) {
      body += piece.toString('latin1')
    },
  }
  const places = [0, ...[...cuts].sort((a, b) => a - b), text.length]
  let used = 0
  for (let i = 1; i < places.length && !decoder.done; i++) {
    used += decoder.push(Buffer.from(text.slice(places[i - 1], places[i]), 'latin1'), 0, sink)
  }
  return { body, used, done: decoder.done, trailers: decoder.trailers }
}

const bytes = fc.uint8Array({ maxLength: 40 }).map((b) => Buffer.from(b).toString('latin1'))
const extension = fc.constantFrom('', ';a', '; a="b"', ' ;\xff')

describe('a chunked body', () => {
  it('is the same however it was cut, and ends where it ends', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(bytes, extension)),
        fc.constantFrom('', 'T: 1\r\n', 'T: 1\r\nu:\r\n'),
        fc.array(fc.nat(200)),
        (chunks, trailers, cuts) => {
          const parts = chunks.filter(([data]) => data !== '')
          const text = parts.map(
            ([data, ext]) => `${data.length.toString(16)}${ext}\r\n${data}\r\n`,
          )
          const whole = `${text.join('')}0\r\n${trailers}\r\n`
          const places = cuts.filter((cut) => cut < whole.length)
          const result = decode('chunked', `${whole}NEXT`, places)
          expect(result).toMatchObject({ done: true, used: whole.length })
          expect(result.body).toBe(parts.map(([data]) => data).join(''))
          expect(result.trailers).toHaveLength((trailers.split('\r\n').length - 1) * 2)
        },
      ),
    )
  })

  it.each([
    ['a size that is none', 'x\r\n'],
    ['an empty size', '\r\n'],
    ['a signed size', '+1\r\na\r\n'],
    ['a size too large to count', 'ffffffffffffffff\r\n'],
    ['a bare feed after the size', '1\na\r\n'],
    ['a bare feed in an extension', '1;a\nb\r\na\r\n'],
    ['a return in an extension', '1;a\rb\r\na\r\n'],
    ['more data than its size', '1\r\nab\r\n'],
    ['a bare feed after the data', '1\r\na\n'],
    ['a line without end', `1;${'a'.repeat(5000)}`],
    ['a bare feed in the trailers', '0\r\na: b\n\r\n'],
    ['a trailer that is none', '0\r\nabc\r\n\r\n'],
  ])('is refused with %s', (_, text) => {
    expect(() => decode('chunked', text)).toThrow()
    expect(() =>
      decode(
        'chunked',
        text,
        Array.from({ length: Math.min(text.length, 50) }, (_, i) => i),
      ),
    ).toThrow()
  })
})

it.each([
  [3, 'abcd', { body: 'abc', used: 3, done: true }],
  [5, 'abcd', { body: 'abcd', used: 4, done: false }],
  [0, 'abcd', { body: '', used: 0, done: true }],
  ['close', 'abcd', { body: 'abcd', used: 4, done: false }],
] as const)('a body by %s', (framing, text, expected) => {
  expect(decode(framing, text, [2])).toMatchObject(expected)
})

describe('what costs little to send', () => {
  /** The pieces one read gives. */
  function piecesOf(text: string): Buffer[] {
    const pieces: Buffer[] = []
    const decoder = new BodyDecoder('chunked')
    decoder.push(Buffer.from(text, 'latin1'), 0, { take: (piece) => pieces.push(piece) })
    return pieces
  }

  it('costs little to take: tiny chunks of one read come as one piece', () => {
    const pieces = piecesOf(
      `${'1\r\nx\r\n'.repeat(10_000)}1000\r\n${'y'.repeat(4096)}\r\n1\r\nz\r\n`,
    )
    expect(pieces.map((piece) => piece.length)).toEqual([10_000, 4096, 1])
  })

  it('does not keep the read it came with', () => {
    const [piece] = piecesOf(`1;${'x'.repeat(4000)}\r\ny\r\n1;${'x'.repeat(4000)}`)
    expect(piece?.toString()).toBe('y')
    expect(piece?.buffer.byteLength).toBeLessThan(8193)
  })
})

it('takes a trailer line by its length, not by how its bytes were cut', () => {
  const text = `0\r\nX: ${'x'.repeat(5000)}\r\n\r\n`
  expect(decode('chunked', text).done).toBe(true)
  expect(decode('chunked', text, [2000, 4000]).done).toBe(true)
})
