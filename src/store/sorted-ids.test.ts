import fc from 'fast-check'
import { expect, it } from 'vitest'
import { firstAfter, firstFrom, SortedIds } from './sorted-ids.ts'

const id = fc.integer({ min: 0, max: 60 }).map((n) => `id${n}`)

it('has what a set has, in order, whenever it is read', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(id, fc.boolean()), { maxLength: 200 }), (steps) => {
      const ids = new SortedIds()
      const model = new Set<string>()
      for (const [id, read] of steps) {
        if (model.delete(id)) ids.delete(id)
        else {
          model.add(id)
          ids.add(id)
        }
        expect(ids.size).toBe(model.size)
        if (read) expect(ids.list).toEqual([...model].sort())
      }
      expect(ids.list).toEqual([...model].sort())
    }),
  )
})

it.each([
  { id: 'a', from: 0, after: 0 },
  { id: 'b', from: 0, after: 1 },
  { id: 'c', from: 1, after: 1 },
  { id: 'd', from: 1, after: 2 },
  { id: 'e', from: 2, after: 2 },
])('finds the place of $id among b and d', ({ id, from, after }) => {
  expect(firstFrom(['b', 'd'], id)).toBe(from)
  expect(firstAfter(['b', 'd'], id)).toBe(after)
})
