import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { boundaryOf, readMultipart, simplePart, withBoundary, writeMultipart } from './multipart.ts'

const BODY = [
  'a preamble\r\n--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1',
  '--x  \r\ncontent-disposition: form-data; filename="; name=z"; name=b\r\n\r\ntwo\r\n--xy\r\nlines',
  '--x\r\n\r\nno head',
  '--x\r\nContent-Disposition: attachment; name="c"\r\n\r\n',
  '--x--\r\nan epilogue',
].join('\r\n')

describe('a multipart body', () => {
  it('is read into its parts', () => {
    expect(readMultipart(BODY, 'x')?.map(({ name, body }) => [name, body])).toEqual([
      ['a', '1'],
      ['b', 'two\r\n--xy\r\nlines'],
      [undefined, 'no head'],
      [undefined, ''],
    ])
  })

  it.each(['', 'nothing', '--x\r\nno end', '--x\r\nContent-Type: a\r\n--x--'])(
    'is none: %j',
    (body) => {
      expect(readMultipart(body, 'x')).toBeUndefined()
    },
  )

  it('may have no parts', () => {
    expect(readMultipart('--x--\r\n', 'x')).toEqual([])
  })

  it('reads as it was written', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '\r', '\n', '-', 'ÿ', '"') })
    const field = fc.tuple(fc.string({ unit: 'binary' }), text)
    fc.assert(
      fc.property(fc.array(field), (fields) => {
        const parts = fields.map(([name, body]) => simplePart(name, body))
        const read = readMultipart(writeMultipart(parts, 'bound'), 'bound')
        expect(read?.map(({ head, body }) => [head, body])).toEqual(
          parts.map(({ head, body }) => [head, body]),
        )
      }),
    )
  })
})

it('a name cannot end its line or its quotes', () => {
  expect(simplePart('a"\r\nX: y', '').head).toBe(
    'Content-Disposition: form-data; name="a%22%0D%0AX: y"',
  )
})

it.each([
  ['multipart/form-data; boundary=abc', 'abc'],
  ['multipart/form-data; charset=x; BOUNDARY="a b"; y=z', 'a b'],
  ['multipart/form-data', undefined],
])('finds the boundary of %s: %s', (type, boundary) => {
  expect(boundaryOf(type)).toBe(boundary)
})

it('names another boundary', () => {
  expect(withBoundary('multipart/form-data; boundary="a b"; y=z', 'new')).toBe(
    'multipart/form-data; boundary=new; y=z',
  )
})
