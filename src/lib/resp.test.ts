import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cutAt, written } from './resp.fixture.ts'
import { encodeCommand, isRespError, isRespPush, type RespWord } from './resp.ts'
import { createRespParser, type RespLimits } from './resp-parser.ts'

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

describe('a command', () => {
  it.each<{ words: readonly RespWord[]; wire: string }>([
    { words: ['PING'], wire: '*1\r\n$4\r\nPING\r\n' },
    { words: ['SET', 'é', ''], wire: '*3\r\n$3\r\nSET\r\n$2\r\né\r\n$0\r\n\r\n' },
    { words: ['INCRBY', 'a', -1.5], wire: '*3\r\n$6\r\nINCRBY\r\n$1\r\na\r\n$4\r\n-1.5\r\n' },
    { words: ['X', 2n ** 62n], wire: '*2\r\n$1\r\nX\r\n$19\r\n4611686018427387904\r\n' },
    { words: ['X', encode('\r\n')], wire: '*2\r\n$1\r\nX\r\n$2\r\n\r\n\r\n' },
    { words: ['X', '\ud800'], wire: '*2\r\n$1\r\nX\r\n$3\r\n\ufffd\r\n' },
  ])('$words', ({ words, wire }) => {
    expect(decode(encodeCommand(words))).toBe(wire)
  })

  it('is read back as it was written, whatever is in it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.uint8Array()), { minLength: 1 }),
        (words) => {
          const [read] = createRespParser({ bytes: true }).feed(encodeCommand(words))
          const asBytes = (word: string | Uint8Array) =>
            Array.from(typeof word === 'string' ? encode(word) : word)
          expect(Array.isArray(read) && read.map(asBytes)).toEqual(words.map(asBytes))
        },
      ),
    )
  })
})

describe('the parser', () => {
  it('gives the same replies however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(written, { maxLength: 5 }), fc.array(fc.nat()), (all, cuts) => {
        const parser = createRespParser()
        const pieces = cutAt(encode(all.map(({ wire }) => wire).join('')), cuts)
        expect(pieces.flatMap((piece) => parser.feed(piece))).toEqual(all.map(({ reply }) => reply))
        expect(parser.broken).toBeUndefined()
      }),
      { numRuns: 500 },
    )
  })

  it('says the same of any bytes however they are cut, and never throws', () => {
    const noise = fc.string({ unit: fc.constantFrom(...'$*:-+%|~>!=_#,(0123\r\n\r\n\r\nta') })
    const limits = { maxBytes: 60, maxValues: 6, maxDepth: 2 }
    fc.assert(
      fc.property(noise, fc.array(fc.nat()), (text, cuts) => {
        const [whole, cut] = [createRespParser(limits), createRespParser(limits)]
        const bytes = encode(text)
        const replies = cutAt(bytes, cuts).flatMap((piece) => cut.feed(piece))
        expect(replies).toEqual(whole.feed(bytes))
        expect(cut.broken).toBe(whole.broken)
      }),
      { numRuns: 1000 },
    )
  })

  it('reads byte after byte of a long text at the cost of its length', () => {
    const parser = createRespParser()
    const length = 200_000
    const bytes = encode(`$${length}\r\n${'x'.repeat(length)}\r\n`)
    const replies = Array.from(bytes, (byte) => parser.feed(Uint8Array.of(byte))).flat()
    expect(replies).toEqual(['x'.repeat(length)])
  })

  it('leaves bytes as they are when asked to, and keeps none of the buffer', () => {
    const parser = createRespParser({ bytes: true })
    // A runtime's own kind of bytes, whose slices are views.
    const wire = Buffer.of(...encode('$3\r\n'), 0, 255, 128, ...encode('\r\n'))
    const [reply] = parser.feed(wire)
    wire.fill(7)
    expect(reply).toEqual(Uint8Array.of(0, 255, 128))
  })

  it('takes no byte order mark away', () => {
    expect(createRespParser().feed(encode('$4\r\n\ufeffa\r\n'))).toEqual(['\ufeffa'])
  })

  it.each<{ wire: string; broken: string; limits?: RespLimits }>([
    { wire: 'HTTP/1.1 400 Bad Request\r\n', broken: 'Cannot read "HTTP/1.1 400 Bad Request"' },
    { wire: '\r\n', broken: 'Cannot read ""' },
    { wire: '+a\n', broken: 'Cannot read "\n"' },
    { wire: ':1.5\r\n', broken: 'Cannot read ":1.5"' },
    { wire: ':12345678901234567890\r\n', broken: 'Cannot read ":12345678901234567890"' },
    { wire: '#x\r\n', broken: 'Cannot read "#x"' },
    { wire: '$-2\r\n', broken: 'Cannot read length "-2"' },
    { wire: '$?\r\n', broken: 'Cannot read length "?"' },
    { wire: '%-1\r\n', broken: 'Cannot read length "-1"' },
    { wire: '$1\r\nabc', broken: 'A text is longer than it says' },
    { wire: '$20000000\r\n', broken: 'A reply is too long' },
    { wire: '$11\r\n', broken: 'A reply is too long', limits: { maxBytes: 16 } },
    { wire: `+${'a'.repeat(70_000)}`, broken: 'A line is too long' },
    { wire: '*2\r\n$4\r\naaaa\r\n$9\r\n', broken: 'A reply is too long', limits: { maxBytes: 24 } },
    { wire: '*9999999\r\n', broken: 'A reply has too many values' },
    {
      wire: '*2\r\n*2\r\n:1\r\n:1\r\n*2\r\n',
      broken: 'A reply has too many values',
      limits: { maxValues: 5 },
    },
    { wire: '*1\r\n'.repeat(17), broken: 'A reply is too deep' },
    { wire: '|0\r\n'.repeat(20), broken: '' },
  ])('stops at $wire.length bytes: $broken', ({ wire, broken, limits }) => {
    const parser = createRespParser(limits)
    expect(parser.feed(encode(wire))).toEqual([])
    expect(parser.broken ?? '').toBe(broken)
    if (broken !== '') expect(parser.feed(encode('+OK\r\n'))).toEqual([])
  })

  it('counts the limits of each reply anew, and gives what came before the break', () => {
    const parser = createRespParser({ maxBytes: 12 })
    expect(parser.feed(encode('$6\r\naaaaaa\r\n$6\r\nbbbbbb\r\n?'))).toEqual(['aaaaaa', 'bbbbbb'])
    expect(parser.feed(encode('\r\n'))).toEqual([])
    expect(parser.broken).toBe('Cannot read "?"')
  })
})

it('tells errors and pushes from other replies', () => {
  expect([{ error: 'ERR' }, 'error', null, [], { map: [] }].map(isRespError)).toEqual([
    true,
    false,
    false,
    false,
    false,
  ])
  expect([{ push: [] }, [], null].map(isRespPush)).toEqual([true, false, false])
})
