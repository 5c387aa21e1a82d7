import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expectationOf, HeadReader, parseRequestHead } from './server-h1-head.ts'

const HEAD = 'GET /a?b HTTP/1.1\r\nHost: a\r\nX:  \xe9 \r\n\r\n'

/** Gives a reader some bytes cut at these places, until it has a head. */
function read(text: string, cuts: readonly number[], limit = 1000) {
  const reader = new HeadReader(limit)
  const bytes = Buffer.from(text, 'latin1')
  const places = [...new Set(cuts.map((cut) => cut % bytes.length))].sort((a, b) => a - b)
  let from = 0
  for (const to of [...places, bytes.length]) {
    const found = reader.push(bytes.subarray(from, to))
    from = to
    if (found === undefined) continue
    const rest = (found.rest?.toString('latin1') ?? '') + bytes.toString('latin1', from)
    return { text: found.text, rest, begun: reader.begun }
  }
  return undefined
}

describe('a head', () => {
  it('is the same however its bytes are cut', () => {
    const before = fc.constantFrom('', '\r\n', '\r\n\r\n')
    const behind = fc.constantFrom('', 'body', '\r\n', 'GET / HTTP/1.1\r\n\r\n')
    fc.assert(
      fc.property(before, behind, fc.array(fc.nat(200)), (empty, rest, cuts) => {
        const found = read(`${empty}${HEAD}${rest}`, cuts)
        expect(found).toEqual({ text: HEAD.slice(0, -4), rest, begun: false })
      }),
    )
  })

  it('is refused however its bytes are cut, as soon as nothing can mend it', () => {
    const bad = fc.constantFrom('\x00', '\n', '\x7f', '\r ', '\rX', '\x1b')
    fc.assert(
      fc.property(bad, fc.nat(30), fc.array(fc.nat(200)), (text, at, cuts) => {
        const broken = `GET /${'x'.repeat(at)}${text}y`
        expect(() => read(broken, [...cuts, broken.length - 1])).toThrow('BAD_HEAD')
      }),
    )
  })

  it.each([
    ['whole', `GET / HTTP/1.1\r\nX: ${'a'.repeat(100)}\r\n\r\n`],
    ['unended', `GET / HTTP/1.1\r\nX: ${'a'.repeat(100)}`],
  ])('of too many bytes is refused: %s', (_, text) => {
    expect(() => read(text, [20, 40], 100)).toThrow('HEAD_TOO_LARGE')
  })

  it('of just so many bytes is none too large', () => {
    expect(read(HEAD, [5], HEAD.length - 4)?.text).toBe(HEAD.slice(0, -4))
    expect(() => read(HEAD, [5], HEAD.length - 5)).toThrow('HEAD_TOO_LARGE')
  })

  it('in single bytes costs room that doubles, and the reader begins anew behind it', () => {
    const reader = new HeadReader(40_000)
    const text = `GET /${'x'.repeat(30_000)} HTTP/1.1\r\n\r\n`
    let found: ReturnType<HeadReader['push']>
    for (const byte of Buffer.from(text)) found = reader.push(Buffer.of(byte))
    expect(found?.text.length).toBe(text.length - 4)
    expect(reader.push(Buffer.from(HEAD, 'latin1'))?.text).toBe(HEAD.slice(0, -4))
  })
})

describe('a request line', () => {
  it.each([
    ['GET / HTTP/1.1', 'GET', '/', '1.1'],
    ['M-SEARCH * HTTP/1.0', 'M-SEARCH', '*', '1.0'],
    ['GET /\xe9"<\\>|{} HTTP/1.1', 'GET', '/\xe9"<\\>|{}', '1.1'],
    ['GET http://a/b HTTP/1.1', 'GET', 'http://a/b', '1.1'],
    ['CONNECT a:1 HTTP/1.1', 'CONNECT', 'a:1', '1.1'],
  ])('%j is read', (line, method, url, httpVersion) => {
    const head = parseRequestHead(`${line}\r\nA: b`)
    expect(head).toEqual({ method, url, rawHeaders: ['A', 'b'], httpVersion })
  })

  it.each(['get / HTTP/1.1', 'GET  / HTTP/1.1', 'GET /', 'GET a HTTP/1.1', 'GET / HTTP/1.2', ' '])(
    '%j is refused',
    (line) => {
      expect(() => parseRequestHead(line)).toThrow(/^BAD_/)
    },
  )
})

describe('an expectation', () => {
  it.each([
    ['1.1', ['Host', 'a'], 'nothing'],
    ['1.1', ['Host', 'a', 'expect', '100-Continue'], 'continue'],
    ['1.1', ['Expect', '200-ok'], 'unknown'],
    ['1.0', ['Expect', '100-continue'], 'nothing'],
  ] as const)('in HTTP/%s with %j is %s', (httpVersion, rawHeaders, expected) => {
    const head = { method: 'GET', url: '/', rawHeaders: [...rawHeaders], httpVersion }
    expect(expectationOf(head)).toBe(expected)
  })
})
