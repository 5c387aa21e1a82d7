import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readClientHello } from './client-hello.ts'

const bytesOf = (text: string): number[] => [...text].map((char) => char.charCodeAt(0))
const two = (n: number): number[] => [n >> 8, n & 255]
const vector = (bytes: readonly number[]): number[] => [...two(bytes.length), ...bytes]
const extension = (type: number, content: readonly number[]) => [...two(type), ...vector(content)]
const serverName = (name: string) => extension(0, vector([0, ...vector(bytesOf(name))]))

/** A hello's message; undefined for one without extensions. */
function helloOf(extensions: readonly number[] | undefined, session = 32): number[] {
  const body = [
    ...[3, 3, ...Array<number>(32).fill(7)],
    ...[session, ...Array<number>(session).fill(9)],
    ...vector([0x13, 0x01, 0x13, 0x02]),
    ...[1, 0],
    ...(extensions === undefined ? [] : vector(extensions)),
  ]
  return [1, 0, ...vector(body)]
}

/** In records of so many bytes. */
function recordsOf(message: readonly number[], size = 16_384): Uint8Array {
  const records: number[] = []
  for (let at = 0; at < message.length; at += size) {
    records.push(22, 3, 1, ...vector(message.slice(at, at + size)))
  }
  return Uint8Array.from(records)
}

describe('readClientHello', () => {
  it.each([
    ['a name', serverName('a.test'), { sni: 'a.test' }],
    ['a name in capitals', serverName('A.Test'), { sni: 'a.test' }],
    ['a name behind others', [...extension(43, [2, 3, 4]), ...serverName('b')], { sni: 'b' }],
    ['no name', extension(43, [2, 3, 4]), { sni: undefined }],
    ['no extensions', undefined, { sni: undefined }],
    ['a name of another kind', extension(0, vector([1, ...vector([65])])), { sni: undefined }],
    ['bytes no name has', serverName('a\0b'), { sni: undefined }],
    ['a name too long for any', serverName('a'.repeat(300)), { sni: undefined }],
    ['an extension cut short', [0, 0, 0, 9, 1], 'none'],
    ['a list of names cut short', extension(0, [0, 9, 1]), 'none'],
  ])('reads %s', (_what, extensions, expected) => {
    expect(readClientHello(recordsOf(helloOf(extensions)))).toEqual(expected)
  })

  it.each([
    ['HTTP', bytesOf('GET / HTTP/1.1\r\n\r\n')],
    ['an alert', [21, 3, 1, 0, 2, 1, 0]],
    ['a server hello', [22, 3, 3, 0, 4, 2, 0, 0, 0]],
    ['SSL 2', [22, 2]],
    ['an empty record', [22, 3, 1, 0, 0]],
    ['a hello without end', [22, 3, 1, 0, 4, 1, 1, 0, 0]],
    ['an alert amid a hello', [22, 3, 1, 0, 2, 1, 0, 21, 3, 1, 0, 2, 1, 0]],
  ])('takes %s for something else', (_what, bytes) => {
    expect(readClientHello(Uint8Array.from(bytes))).toBe('none')
  })

  it('waits for every byte of a hello, however it is cut into records', () => {
    const names = fc.stringMatching(/^[a-z0-9.-]{1,60}$/)
    fc.assert(
      fc.property(names, fc.integer({ min: 1, max: 300 }), fc.nat(32), (name, size, session) => {
        const extensions = [...extension(16, [0, 3, 2, 104, 50]), ...serverName(name)]
        const whole = recordsOf(helloOf(extensions, session), size)
        for (let end = 0; end < whole.length; end += 1 + (end % 3)) {
          expect(readClientHello(whole.subarray(0, end))).toBe('more')
        }
        const early = Uint8Array.from([...whole, 20, 3, 3, 0, 1, 1])
        expect(readClientHello(whole)).toEqual({ sni: name })
        expect(readClientHello(early)).toEqual({ sni: name })
      }),
      { numRuns: 50 },
    )
  })

  it('never throws', () => {
    const inside = fc.uint8Array({ maxLength: 400 })
    const changed = fc.tuple(fc.nat(120), fc.nat(255))
    fc.assert(
      fc.property(inside, changed, (garbage, [at, byte]) => {
        const hello = recordsOf(helloOf(serverName('a.test')))
        hello[at] = byte
        for (const bytes of [garbage, recordsOf([...garbage]), recordsOf([1, ...garbage]), hello]) {
          const read = readClientHello(bytes)
          expect(read === 'more' || read === 'none' || 'sni' in read).toBe(true)
        }
        expect(recordsOf(helloOf([...garbage])).length).toBeGreaterThan(0)
        readClientHello(recordsOf(helloOf([...garbage])))
      }),
    )
  })
})
