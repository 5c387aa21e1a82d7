import { describe, expect, it } from 'vitest'
import type { Fields } from './field.ts'
import { settleMembers } from './settle.ts'

describe('settleMembers', () => {
  const sets: Fields = {
    tags: { type: 'set' },
    inner: { type: 'record', fields: { codes: { type: 'set' } } },
  }

  it('drops repeats in sets at every depth, telling 1 from "1"', () => {
    const row = { tags: ['a', 'b', 'a'], inner: { codes: [1, '1', 1, { x: 1 }, { x: 1 }] } }
    expect(settleMembers(sets, row)).toEqual({
      tags: ['a', 'b'],
      inner: { codes: [1, '1', { x: 1 }, { x: 1 }] },
    })
  })

  it('keeps what two records say alike, and drops repeats of many texts', () => {
    const many = [...'abcdefghijka']
    expect(settleMembers(sets, { tags: [{ x: 1 }, { x: 1 }] })).toEqual({
      tags: [{ x: 1 }, { x: 1 }],
    })
    expect(settleMembers(sets, { tags: many })).toEqual({ tags: [...'abcdefghijk'] })
  })

  it('drops repeats in what is the default too', () => {
    const plain = ['a', 'a']
    const fields: Fields = { tags: { type: 'set', default: plain } }
    expect(settleMembers(fields, { tags: plain })).toEqual({ tags: ['a'] })
  })

  it('gives back the very same row when there are none', () => {
    const row = { tags: ['a'], inner: { codes: [] } }
    expect(settleMembers(sets, row)).toBe(row)
  })
})
