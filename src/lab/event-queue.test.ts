import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createEventQueue } from './event-queue.ts'

it('gives events by time, those of one moment in the order they were added', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 200 }), (times) => {
      const queue = createEventQueue()
      const happened: { at: number; i: number }[] = []
      for (const [i, at] of times.entries()) queue.add(at, () => happened.push({ at, i }))
      for (let event = queue.take(); event !== undefined; event = queue.take()) event()
      const expected = times.map((at, i) => ({ at, i })).sort((a, b) => a.at - b.at || a.i - b.i)
      expect(happened).toEqual(expected)
    }),
  )
})

it('takes more in while it gives out', () => {
  const queue = createEventQueue()
  const happened: number[] = []
  const note = (at: number) => () => happened.push(at)
  for (const at of [5, 1, 9, 3]) queue.add(at, note(at))
  queue.take()?.()
  queue.add(2, note(2))
  queue.add(7, note(7))
  expect(queue.nextAt()).toBe(2)
  for (let event = queue.take(); event !== undefined; event = queue.take()) event()
  expect(happened).toEqual([1, 2, 3, 5, 7, 9])
  expect(queue.nextAt()).toBe(Number.POSITIVE_INFINITY)
})
