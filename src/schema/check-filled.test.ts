import { describe, expect, it } from 'vitest'
import { passes } from './check-filled.ts'
import { checkMembers } from './check-value.ts'
import type { Fields } from './field.ts'
import { fillIn } from './fill.ts'

const fields: Fields = {
  id: { type: 'string', uuid: true, auto: true },
  name: { type: 'string', required: true },
  port: { type: 'integer', required: true, default: 80, between: [0, 65535] },
  tags: { type: 'set', elements: { type: 'string' } },
  inner: { type: 'record', required: true, fields: { must: { type: 'string', required: true } } },
}

const ID = 'fd02801f-0957-4a15-a55a-c8d9606f30b5'
const inner = { must: 'x' }

describe('passes', () => {
  it.each([
    { given: { name: 'a', inner }, says: 'all there' },
    { given: { name: 'a', inner, port: 8080, tags: ['x'] }, says: 'more than is asked' },
    { given: { inner }, says: 'a required one is missing' },
    { given: { name: null, inner }, says: 'a required one is null' },
    { given: { name: 'a', inner, port: 65536 }, says: 'one is wrong' },
    { given: { name: 'a', inner, tags: ['x', 1] }, says: 'an element is wrong' },
    { given: { name: 'a' }, says: 'a record is not right as it is filled in' },
    { given: { name: 'a', inner, other: 1 }, says: 'one is unknown' },
    { given: JSON.parse('{"name":"a","inner":{"must":"x"},"__proto__":1}'), says: '__proto__' },
    { given: { name: 'a', inner, constructor: 1 }, says: 'one that every object seems to have' },
    { given: { name: 'a', inner }, id: 'none', says: 'a made one is wrong' },
  ])('says of a row what the whole check says: $says', ({ given, id = ID }) => {
    const filled = fillIn(fields, given, { auto: () => id })
    expect(passes(fields, { given, filled })).toBe(checkMembers(fields, filled) === undefined)
  })
})
