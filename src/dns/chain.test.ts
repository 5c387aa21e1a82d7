import { expect, it } from 'vitest'
import type { NameRecord } from '../ports/resolver.ts'
import { endOfChain } from './chain.ts'

const alias = (name: string, target: string, ttl = 60): NameRecord => {
  return { type: 'CNAME', name, ttl, target }
}
const at = (name: string, address: string, ttl = 60): NameRecord => {
  return { type: 'A', name, ttl, address }
}

it.each<{
  rule: string
  records: NameRecord[]
  type?: 'A' | 'AAAA' | 'CNAME'
  end: string
  found: string[]
  ttl: number | undefined
}>([
  { rule: 'no alias', records: [at('a', '1')], end: 'a', found: ['1'], ttl: 60 },
  {
    rule: 'one alias',
    records: [alias('a', 'b', 9), at('b', '1')],
    end: 'b',
    found: ['1'],
    ttl: 9,
  },
  {
    rule: 'aliases in any order',
    records: [at('c', '1', 5), alias('b', 'c'), alias('a', 'b')],
    end: 'c',
    found: ['1'],
    ttl: 5,
  },
  {
    rule: 'the least TTL of many records',
    records: [at('a', '1', 50), at('a', '2', 20)],
    end: 'a',
    found: ['1', '2'],
    ttl: 20,
  },
  {
    rule: "somebody else's record",
    records: [at('b', '1')],
    end: 'a',
    found: [],
    ttl: undefined,
  },
  {
    rule: 'a record of another type',
    records: [at('a', '1')],
    type: 'AAAA',
    end: 'a',
    found: [],
    ttl: undefined,
  },
  { rule: 'an alias to nowhere', records: [alias('a', 'b', 7)], end: 'b', found: [], ttl: 7 },
  {
    rule: 'a circle',
    records: [alias('a', 'b'), alias('b', 'a')],
    end: 'a',
    found: [],
    ttl: 60,
  },
  {
    rule: 'aliases asked for',
    records: [alias('a', 'b', 7)],
    type: 'CNAME',
    end: 'b',
    found: [],
    ttl: 7,
  },
])('follows $rule', ({ records, type = 'A', end, found, ttl }) => {
  const reached = endOfChain(records, 'a', type)
  expect(reached.name).toBe(end)
  expect(reached.records.map((one) => ('address' in one ? one.address : one.target))).toEqual(found)
  expect(reached.ttl).toBe(ttl)
})
