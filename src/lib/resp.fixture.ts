import fc from 'fast-check'
import type { Reply } from './resp.ts'

/** A reply and the text a server writes for it; texts are ASCII, so that a char is a byte. */
export interface Written {
  readonly reply: Reply
  readonly wire: string
}

const ascii = fc.string({ unit: fc.constantFrom(...'ab\r\n$*:-+ 01') })
const line = fc.string({ unit: fc.constantFrom(...'ab$*:-+ 01') })

/** Replies of both protocols, lists within lists. */
export const written: fc.Arbitrary<Written> = fc.letrec<{ any: Written; one: Written }>((tie) => ({
  one: fc.oneof(
    line.map((text) => ({ reply: text, wire: `+${text}\r\n` })),
    line.map((text) => ({ reply: { error: text }, wire: `-${text}\r\n` })),
    fc.maxSafeInteger().map((number) => ({ reply: number, wire: `:${number}\r\n` })),
    fc
      .bigInt({ min: 2n ** 60n, max: 2n ** 63n - 1n })
      .map((number) => ({ reply: number, wire: `:${number}\r\n` })),
    ascii.map((text) => ({ reply: text, wire: `$${text.length}\r\n${text}\r\n` })),
    ascii.map((text) => ({ reply: text, wire: `=${text.length + 4}\r\ntxt:${text}\r\n` })),
    ascii.map((text) => ({ reply: { error: text }, wire: `!${text.length}\r\n${text}\r\n` })),
    fc.constantFrom(
      { reply: null, wire: '$-1\r\n' },
      { reply: null, wire: '*-1\r\n' },
      { reply: null, wire: '_\r\n' },
      { reply: true, wire: '#t\r\n' },
      { reply: 1.5, wire: ',1.5\r\n' },
      { reply: Number.NEGATIVE_INFINITY, wire: ',-inf\r\n' },
      { reply: 7, wire: '|1\r\n+ttl\r\n:3600\r\n:7\r\n' },
    ),
  ),
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('one'),
    list(tie('any'), '*'),
    list(tie('any'), '~'),
    list(tie('any'), '>'),
    fc.array(fc.tuple(tie('any'), tie('any')), { maxLength: 3 }).map((pairs) => ({
      reply: { map: pairs.map(([key, value]) => [key.reply, value.reply] as const) },
      wire: `%${pairs.length}\r\n${pairs.map(([key, value]) => key.wire + value.wire).join('')}`,
    })),
  ),
})).any

function list(item: fc.Arbitrary<Written>, mark: '*' | '~' | '>'): fc.Arbitrary<Written> {
  return fc.array(item, { maxLength: 4 }).map((items) => {
    const replies = items.map(({ reply }) => reply)
    return {
      reply: mark === '>' ? { push: replies } : replies,
      wire: `${mark}${items.length}\r\n${items.map(({ wire }) => wire).join('')}`,
    }
  })
}

/** The bytes, cut where told, in pieces. */
export function cutAt(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length]
  const sorted = places.sort((a, b) => a - b)
  return sorted.slice(1).map((place, i) => bytes.slice(sorted[i], place))
}
