import fc from 'fast-check'
import { expect, it } from 'vitest'
import { copyTable, emptyTable, hashBackwards, hashOf, lookUp, setKey } from './string-table.ts'

const key = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 6 })

it('holds what a map holds, and a copy goes its own way', () => {
  const steps = fc.array(fc.tuple(key, fc.option(fc.nat(), { nil: undefined })), { maxLength: 80 })
  fc.assert(
    fc.property(steps, steps, (first, second) => {
      let table = emptyTable<number>()
      const map = new Map<string, number | undefined>()
      for (const [name, value] of first) {
        table = setKey(table, name, hashOf(name), value)
        map.set(name, value)
      }
      let copy = copyTable(table)
      for (const [name, value] of second) copy = setKey(copy, name, hashOf(name), value)
      for (const [name, value] of map) {
        expect(lookUp(table, hashOf(name), name, 0, name.length)).toBe(value)
      }
      for (const [name, value] of new Map([...map, ...second])) {
        expect(lookUp(copy, hashOf(name), name, 0, name.length)).toBe(value)
      }
    }),
  )
})

it('finds a part of a text as if it were cut out', () => {
  const table = setKey(emptyTable<string>(), 'bc', hashOf('bc'), 'found')
  expect(lookUp(table, hashOf('abcd', 1, 3), 'abcd', 1, 3)).toBe('found')
  expect(lookUp(table, hashOf('abcd', 0, 2), 'abcd', 0, 2)).toBeUndefined()
  expect(lookUp(table, hashOf('bc'), 'bd', 0, 2)).toBeUndefined()
})

it('tells texts of one hash and length apart', () => {
  let table = setKey(emptyTable<number>(), 'ab', 7, 1)
  table = setKey(table, 'cd', 7, 2)
  expect([lookUp(table, 7, 'ab', 0, 2), lookUp(table, 7, 'cd', 0, 2)]).toEqual([1, 2])
})

it('hashes from the end what it hashes from the start turned round', () => {
  expect(hashBackwards('abc')).toBe(hashOf('cba'))
})

it('does not grow by keys that come and go', () => {
  let table = emptyTable<number>()
  for (let i = 0; i < 1000; i++) {
    table = setKey(table, `k${i}`, hashOf(`k${i}`), i)
    table = setKey(table, `k${i}`, hashOf(`k${i}`), undefined)
  }
  expect(table.tags.length).toBeLessThan(32)
})

it('takes as many more keys as a copy was asked to have room for, without growing again', () => {
  fc.assert(
    fc.property(fc.nat(40), fc.nat(200), (before, more) => {
      const names = Array.from({ length: before + more }, (_, i) => `k${i}`)
      const filled = (table: ReturnType<typeof emptyTable<string>>, some: readonly string[]) =>
        some.reduce((made, name) => setKey(made, name, hashOf(name), name), table)
      const copy = copyTable(filled(emptyTable<string>(), names.slice(0, before)), more)
      const full = filled(copy, names.slice(before))
      expect(full.entries).toBe(copy.entries)
      for (const name of names) expect(lookUp(full, hashOf(name), name, 0, name.length)).toBe(name)
    }),
  )
})
