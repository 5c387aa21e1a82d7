import { expect, it } from 'vitest'
import { createRetryBudget } from './retry-budget.ts'

const taken = (live: number) => {
  const budget = createRetryBudget()
  for (let i = 0; i < live; i++) budget.enter()
  let count = 0
  while (count < 1000 && budget.take()) count++
  return count
}

it.each([
  { live: 1, retries: 10 },
  { live: 50, retries: 10 },
  { live: 100, retries: 20 },
  { live: 500, retries: 100 },
])('allows $retries retries at once among $live requests', ({ live, retries }) => {
  expect(taken(live)).toBe(retries)
})

it('gives back what was taken', () => {
  const budget = createRetryBudget()
  for (let i = 0; i < 10; i++) {
    budget.enter()
    expect(budget.take()).toBe(true)
  }
  expect(budget.take()).toBe(false)
  budget.leave(true)
  expect(budget.take()).toBe(true)
})
