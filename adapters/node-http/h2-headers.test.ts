import { describe, expect, it } from 'vitest'
import { checkedHttp2Headers, toHttp2Headers } from './h2-headers.ts'

describe('headers for HTTP/2', () => {
  it.each([
    ['a name in lower case', ['X-One', '1'], { 'x-one': '1' }],
    [
      'several values as a list',
      ['Set-Cookie', 'a', 'set-cookie', 'b'],
      { 'set-cookie': ['a', 'b'] },
    ],
    ['one value where only one may be', ['ETag', 'a', 'etag', 'b'], { etag: 'a' }],
    [
      'one line of what is one list',
      ['Content-Encoding', 'a', 'content-encoding', 'b'],
      { 'content-encoding': 'a, b' },
    ],
    ['nothing of a connection', ['Connection', 'x', 'Keep-Alive', 'y', 'Host', 'z'], {}],
    ['of TE trailers alone', ['TE', 'gzip', 'te', 'trailers'], { te: 'trailers' }],
    ['a name as long as any', ['X'.repeat(100), 'v'], { ['x'.repeat(100)]: 'v' }],
    [
      'names of an object as others',
      ['__proto__', 'a', 'Constructor', 'b'],
      { ['__proto__']: 'a', constructor: 'b' },
    ],
  ])('hold %s', (_, headers, expected) => {
    // What was learnt of a name must not change what it comes to.
    for (const fields of [
      toHttp2Headers(headers),
      toHttp2Headers(headers),
      checkedHttp2Headers(headers),
    ]) {
      expect(Object.entries(fields ?? {})).toEqual(Object.entries(expected))
    }
  })

  it.each([
    ['a b', 'v'],
    ['', 'v'],
    ['\u0158', 'v'],
    [':status', '200'],
    ['x', 'a\r\nb: c'],
    ['x', '\u010a'],
  ])('are none with %j: %j, asked again too', (name, value) => {
    expect(checkedHttp2Headers(['x', 'good', name, value])).toBeUndefined()
    expect(checkedHttp2Headers(['x', 'good', name, value])).toBeUndefined()
    expect(checkedHttp2Headers(['x', 'good'])).toEqual({ x: 'good' })
  })

  it('are the same when more names came than are remembered', () => {
    for (let at = 0; at < 3000; at++) toHttp2Headers([`X-Many-${at}`, 'v'])
    expect({ ...toHttp2Headers(['X-Many-2999', 'v', 'Content-Type', 'a']) }).toEqual({
      'x-many-2999': 'v',
      'content-type': 'a',
    })
  })
})
