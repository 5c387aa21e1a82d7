import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createTimerWheel, type Timed } from './timer-wheel.ts'

function fixture() {
  let now = 1000
  const wheel = createTimerWheel(() => now)
  const fired: string[] = []
  const entry = (name: string): Timed => ({
    deadline: 0,
    slot: 0,
    place: 0,
    expire: () => fired.push(name),
  })
  const pass = (milliseconds: number) => {
    for (let left = milliseconds; left > 0; left -= 50) {
      now += Math.min(50, left)
      wheel.turn()
    }
  }
  return { wheel, fired, entry, pass, jump: (by: number) => (now += by) }
}

it.each([1, 50, 99, 1000, 200_000])('fires once, after %i ms and soon', (milliseconds) => {
  const { wheel, fired, entry, pass } = fixture()
  wheel.arm(entry('a'), milliseconds)
  pass(milliseconds)
  expect(fired).toEqual([])
  pass(150)
  expect(fired).toEqual(['a'])
  pass(1000)
  expect(fired).toEqual(['a'])
})

it('is put off, brought forward and called off', () => {
  const { wheel, fired, entry, pass } = fixture()
  const [later, sooner, never] = [entry('later'), entry('sooner'), entry('never')]
  wheel.arm(later, 100)
  wheel.arm(sooner, 10_000)
  wheel.arm(never, 100)
  wheel.arm(later, 500)
  wheel.arm(sooner, 200)
  wheel.disarm(never)
  pass(400)
  expect(fired).toEqual(['sooner'])
  pass(300)
  expect(fired).toEqual(['sooner', 'later'])
  pass(20_000)
  expect(fired).toHaveLength(2)
})

it('may be armed again as it fires', () => {
  const { wheel, fired, pass } = fixture()
  const again: Timed = {
    deadline: 0,
    slot: 0,
    place: 0,
    expire() {
      fired.push('again')
      if (fired.length < 3) wheel.arm(again, 100)
    },
  }
  wheel.arm(again, 100)
  pass(2000)
  expect(fired).toHaveLength(3)
})

it('times nobody out because the process stood still', () => {
  const { wheel, fired, entry, pass, jump } = fixture()
  wheel.arm(entry('a'), 5000)
  jump(60_000)
  wheel.turn()
  expect(fired).toEqual([])
  pass(5000)
  expect(fired).toEqual(['a'])
})

it('lets go of what is forgotten, in any order, and of nothing else', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 30 }),
      fc.nat(),
      (times, skip) => {
        const { wheel, fired, entry, pass } = fixture()
        const entries = times.map((milliseconds, i) => {
          const one = entry(`${i}`)
          wheel.arm(one, milliseconds)
          if (i % 3 === 0) wheel.arm(one, milliseconds / 2)
          return one
        })
        const kept: string[] = []
        for (const [i, one] of entries.entries()) {
          if ((i + skip) % 2 === 0) wheel.forget(one)
          else kept.push(`${i}`)
        }
        pass(1000)
        expect(fired.sort()).toEqual(kept.sort())
      },
    ),
  )
})

it('holds no entry that was forgotten', () => {
  const { wheel, entry } = fixture()
  const entries = Array.from({ length: 1000 }, (_, i) => entry(`${i}`))
  for (const one of entries) wheel.arm(one, 60_000)
  expect(wheel.waiting).toBe(1000)
  for (const one of entries) wheel.forget(one)
  expect(wheel.waiting).toBe(0)
})

it('may be told to forget another entry while one fires', () => {
  const { wheel, fired, entry, pass } = fixture()
  const second = entry('second')
  const first: Timed = { ...entry('first'), expire: () => wheel.forget(second) }
  wheel.arm(first, 100)
  wheel.arm(second, 100)
  pass(1000)
  expect(fired).toEqual([])
  expect(wheel.waiting).toBe(0)
})
