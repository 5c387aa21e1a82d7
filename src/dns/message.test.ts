import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeMessage, readQuery, type ServedRecord } from '../../test/dns/wire.ts'
import type { RecordType } from '../ports/resolver.ts'
import { decodeMessage, encodeQuery } from './message.ts'
import { readReply } from './reply.ts'

const ASKED = { id: 7, name: 'shop.example', type: 1 }
const QUERY = { id: 7, name: 'shop.example', type: 'A' } as const

const label = fc.stringMatching(/^[a-z0-9_]([a-z0-9-]{0,20}[a-z0-9])?$/)
const name = fc.array(label, { minLength: 1, maxLength: 6 }).map((labels) => labels.join('.'))
const octets = fc.array(fc.nat(255), { minLength: 4, maxLength: 4 }).map((all) => all.join('.'))
const groups = fc
  .array(fc.nat(65_535), { minLength: 8, maxLength: 8 })
  .map((all) => all.map((group) => group.toString(16).padStart(4, '0')).join(':'))
const ttl = fc.nat(0x7fffffff)
const record: fc.Arbitrary<ServedRecord> = fc.oneof(
  fc.record({ type: fc.constant('A' as const), name, ttl, value: octets }),
  fc.record({ type: fc.constant('AAAA' as const), name, ttl, value: groups }),
  fc.record({ type: fc.constant('CNAME' as const), name, ttl, value: name }),
  fc.record({
    type: fc.constant('SRV' as const),
    name,
    ttl,
    value: name,
    port: fc.nat(65_535),
    priority: fc.nat(65_535),
    weight: fc.nat(65_535),
  }),
  fc.record({ type: fc.constantFrom(2, 6, 16, 41), name, bytes: fc.uint8Array({ maxLength: 40 }) }),
)

/** What the reader should make of a record. */
function expected(record: ServedRecord): unknown {
  if ('bytes' in record) return undefined
  const { value, ...rest } = record
  return record.type === 'A' || record.type === 'AAAA'
    ? { ...rest, address: value }
    : { ...rest, target: value }
}

describe('a query', () => {
  it.each<{ name: string; type: RecordType; bytes: string }>([
    {
      name: 'a.example',
      type: 'A',
      bytes: '000701000001000000000000' + '0161076578616d706c6500' + '00010001',
    },
    {
      name: '_http._tcp.x.',
      type: 'SRV',
      bytes: '000701000001000000000000' + '055f68747470045f746370017800' + '00210001',
    },
  ])('for $name, $type is these bytes', ({ name, type, bytes }) => {
    const written = encodeQuery({ id: 7, name, type })
    expect(Buffer.from(written ?? []).toString('hex')).toBe(bytes)
  })

  it.each([
    ['nothing', ''],
    ['the root', '.'],
    ['an empty label', 'a..b'],
    ['a long label', `${'a'.repeat(64)}.b`],
    ['a long name', Array.from({ length: 64 }, () => 'abc').join('.')],
    ['a space', 'a b'],
    ['an escape', 'a\\046b'],
    ['what is not ASCII', 'bücher.example'],
  ])('cannot be made of %s', (_, name) => {
    expect(encodeQuery({ id: 7, name, type: 'A' })).toBeUndefined()
  })

  it('can be made of the longest name there is', () => {
    const name = `${Array.from({ length: 63 }, () => 'abc').join('.')}.d`
    expect(name.length).toBe(253)
    expect(encodeQuery({ id: 7, name, type: 'A' })?.length).toBe(12 + 255 + 4)
  })

  it('says what was asked, for every name', () => {
    fc.assert(
      fc.property(fc.nat(65_535), name, (id, name) => {
        const written = encodeQuery({ id, name, type: 'AAAA' })
        expect(written && readQuery(written)).toEqual({ id, name, type: 28 })
      }),
    )
  })
})

describe('a message', () => {
  it('comes out as it was written, names by pointers and unknown types among it', () => {
    const some = fc.array(record, { maxLength: 8 })
    fc.assert(
      fc.property(some, some, some, (answers, authority, extra) => {
        const message = decodeMessage(encodeMessage({ ...ASKED, answers, authority, extra }))
        const known = (all: ServedRecord[]) => all.map(expected).filter((one) => one !== undefined)
        expect(message?.question).toEqual({ name: ASKED.name, type: 1 })
        expect(message?.answers).toEqual(known(answers))
        expect(message?.extra).toEqual(known(extra))
      }),
    )
  })

  it('ends and throws nothing, whatever bytes come', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        decodeMessage(bytes)
      }),
      { numRuns: 2_000 },
    )
  })

  it('ends and throws nothing when a good one is broken anywhere', () => {
    const answers = fc.array(record, { minLength: 1, maxLength: 6 })
    const breaks = fc.array(fc.tuple(fc.nat(10_000), fc.nat(255)), { maxLength: 6 })
    fc.assert(
      fc.property(answers, breaks, fc.nat(10_000), (answers, breaks, cut) => {
        const good = encodeMessage({ ...ASKED, answers, extra: answers })
        const bytes = good.slice(0, good.length - (cut % good.length))
        for (const [at, value] of breaks) bytes[at % bytes.length] = value
        decodeMessage(bytes)
        readReply(bytes, QUERY)
      }),
      { numRuns: 1_000 },
    )
  })

  it('is broken when it ends anywhere before its end', () => {
    const good = encodeMessage({ ...ASKED, answers: [{ type: 'CNAME', value: 'a.b.example' }] })
    for (let length = 0; length < good.length; length++) {
      expect(decodeMessage(good.subarray(0, length))).toBeUndefined()
    }
  })

  it.each([
    ['a name that points at itself', 'c00c00010001'],
    ['a name that points forward', 'c00e00010001'],
    ['a name that points around in a circle', '0161c00c00010001'],
    ['a label of a reserved kind', '4161000001000100'],
    ['a name without an end', '0161'],
  ])('is broken with %s', (_, question) => {
    const bytes = Buffer.from(`000781800001000000000000${question}`, 'hex')
    expect(decodeMessage(bytes)).toBeUndefined()
  })

  it('is broken with pointers upon pointers, however they go back', () => {
    const chain = Array.from({ length: 200 }, (_, i) => {
      const target = i === 0 ? 12 : 13 + 2 * (i - 1)
      return [0xc0 | (target >> 8), target & 255]
    })
    const head = [0, 7, 0x81, 0x80, 0, 0, 0, 1, 0, 0, 0, 0]
    const bytes = Uint8Array.from([...head, 0, ...chain.flat()])
    expect(decodeMessage(bytes)).toBeUndefined()
  })

  it.each<{ rule: string; record: ServedRecord }>([
    { rule: 'an A record of five bytes', record: { type: 1, bytes: new Uint8Array(5) } },
    { rule: 'an AAAA record of four', record: { type: 28, bytes: new Uint8Array(4) } },
    { rule: 'an SRV record without a name', record: { type: 33, bytes: new Uint8Array(6) } },
    { rule: 'an alias with a rest', record: { type: 5, bytes: Uint8Array.of(1, 97, 0, 9) } },
  ])('is broken with $rule', ({ record }) => {
    expect(decodeMessage(encodeMessage({ ...ASKED, answers: [record] }))).toBeUndefined()
  })

  it('has names in lower case, and none that passes for another by a dot in a label', () => {
    const [upper, dotted] = [Uint8Array.of(1, 65, 0), Uint8Array.of(3, 97, 46, 98, 0)]
    const message = decodeMessage(
      encodeMessage({
        ...ASKED,
        answers: [
          { type: 5, bytes: upper },
          { type: 5, bytes: dotted },
        ],
      }),
    )
    expect(message?.answers).toMatchObject([{ target: 'a' }, { target: 'a\\046b' }])
  })

  it('has TTL 0 for what would be negative', () => {
    const answers: ServedRecord[] = [{ type: 'A', value: '10.0.0.1', ttl: 0x80000000 }]
    expect(decodeMessage(encodeMessage({ ...ASKED, answers }))?.answers[0]?.ttl).toBe(0)
  })
})
