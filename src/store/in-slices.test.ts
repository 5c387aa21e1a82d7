import { describe, expect, it } from 'vitest'
import { inSlices } from './in-slices.ts'

describe('inSlices', () => {
  it('works on each item in order', async () => {
    const items = Array.from({ length: 1000 }, (_, i) => i)
    const seen: number[] = []
    await inSlices(items, (item) => seen.push(item))
    expect(seen).toEqual(items)
  })

  it('lets others have their turn within a list that takes long', async () => {
    let seen = 0
    let time = performance.now()
    const clock = () => (time += 10)
    const work = inSlices(Array.from({ length: 1000 }), () => seen++, clock)
    const before = await new Promise((resolve) => setTimeout(() => resolve(seen), 0))
    expect(before).toBeLessThan(1000)
    await work
    expect(seen).toBe(1000)
  })

  it('keeps others waiting while no time passes', async () => {
    const order: string[] = []
    setTimeout(() => order.push('other'), 0)
    await inSlices(
      ['a', 'b'],
      (item) => order.push(item),
      () => 0,
    )
    expect(order).toEqual(['a', 'b'])
  })

  it('rejects with what the work throws', async () => {
    const work = inSlices([1], () => {
      throw new Error('broken')
    })
    await expect(work).rejects.toThrow('broken')
  })
})
