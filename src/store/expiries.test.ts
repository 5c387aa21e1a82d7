import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Expiries } from './expiries.ts'

const step = fc.oneof(
  fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd', 'e'), at: fc.option(fc.nat(20)) }),
  fc.record({ now: fc.nat(20) }),
)

describe('Expiries', () => {
  it('gives what is due once, whatever was said before', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.boolean(), (steps, copying) => {
        let expiries = new Expiries()
        const model = new Map<string, number>()
        for (const step of steps) {
          if (copying) expiries = expiries.copy()
          if ('id' in step) {
            expiries.set(step.id, step.at ?? undefined)
            if (step.at === null) model.delete(step.id)
            else model.set(step.id, step.at)
            continue
          }
          const due = [...model].filter(([, at]) => at <= step.now).map(([id]) => id)
          for (const id of due) model.delete(id)
          expect([...expiries.due(step.now)].sort()).toEqual(due.sort())
        }
      }),
    )
  })

  it('keeps the order of many that change again and again', () => {
    const expiries = new Expiries()
    for (let n = 0; n < 2000; n++) expiries.set(String(n % 50), (n * 7919) % 1000)
    const last = (id: number) => ((1950 + id) * 7919) % 1000
    for (let now = 0; now < 1000; now += 100) {
      const due = [...expiries.due(now)].map(Number)
      expect(due.sort((a, b) => a - b)).toEqual(
        Array.from({ length: 50 }, (_, id) => id).filter(
          (id) => last(id) <= now && last(id) > now - 100,
        ),
      )
    }
  })
})
