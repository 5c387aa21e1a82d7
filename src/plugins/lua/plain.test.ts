import { describe, expect, it } from 'vitest'
import { multiMap } from './plain.ts'

describe('multiMap', () => {
  it('keeps one value as it is, and several in their order', () => {
    const pairs = [
      ['a', '1'],
      ['b', true],
      ['a', '2'],
      ['a', '1'],
    ] as const
    expect([...multiMap(pairs)]).toEqual([
      ['a', ['1', '2', '1']],
      ['b', true],
    ])
  })

  // Copied for each value, the list would take minutes in which nobody is served.
  it('takes very many values of one name', () => {
    const pairs = Array.from({ length: 200_000 }, (_, i) => ['a', `${i}`] as const)
    expect(multiMap(pairs).get('a')).toHaveLength(pairs.length)
  })
})
