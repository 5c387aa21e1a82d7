import { expect, it } from 'vitest'
import { createDice } from './dice.ts'
import { keyOf, type Latency, sampleOf } from './distributions.ts'

const THROWS = 40_000

it.each<Latency>([
  { distribution: 'fixed', p50: 20, p99: undefined },
  { distribution: 'normal', p50: 20, p99: 30 },
  { distribution: 'lognormal', p50: 20, p99: 200 },
  { distribution: 'exponential', p50: 20, p99: undefined },
  { distribution: 'exponential', p50: 20, p99: 60 },
])('draws $distribution with p50 $p50 and p99 $p99', (latency) => {
  const [first, second] = [createDice(1, 'latency'), createDice(1, 'latency too')]
  const sample = sampleOf(latency)
  const drawn = Array.from({ length: THROWS }, (_, i) => sample(first(i), second(i)))
  drawn.sort((a, b) => a - b)
  const tail = latency.distribution === 'exponential' ? (20 * Math.log(100)) / Math.LN2 : 20
  expect(drawn[THROWS / 2]).toBeCloseTo(20, -0.5)
  expect((drawn[THROWS * 0.99] ?? 0) / (latency.p99 ?? tail)).toBeCloseTo(1, 1)
  expect(drawn[0]).toBeGreaterThanOrEqual(0)
})

it('draws each key as often by an even spread', () => {
  const counts = countKeys({ count: 4, spread: 'uniform', exponent: 1 })
  for (const count of counts) expect(count / THROWS).toBeCloseTo(0.25, 1.5)
})

it('draws the first key twice as often as the second, and so on, by zipf', () => {
  const [first = 0, second = 0, third = 0] = countKeys({ count: 3, spread: 'zipf', exponent: 1 })
  expect(first / second).toBeCloseTo(2, 0.7)
  expect(first / third).toBeCloseTo(3, 0.5)
})

it('throws other dice for another purpose, seed or turn, and the same for the same', () => {
  const dice = createDice(7, 'keys')
  const others = [createDice(8, 'keys')(3), createDice(7, 'errors')(3), dice(4), dice(3, 1)]
  expect(dice(3)).toBe(createDice(7, 'keys')(3))
  for (const other of others) expect(other).not.toBe(dice(3))
})

function countKeys(keys: Parameters<typeof keyOf>[0]): number[] {
  const draw = keyOf(keys)
  const dice = createDice(1, 'keys')
  const counts = Array.from({ length: keys.count }, () => 0)
  for (let i = 0; i < THROWS; i++) {
    const key = draw(dice(i))
    counts[key] = (counts[key] ?? 0) + 1
  }
  return counts
}
