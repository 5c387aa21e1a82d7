import { expect, it } from 'vitest'
import { createRetryBudget, type RetryBudget } from './retry-budget.ts'

/** How many retries it allows at once among so many requests. */
const taken = (budget: RetryBudget, live: number) => {
  for (let i = 0; i < live; i++) budget.enter()
  let count = 0
  while (count < 1000 && budget.take()) count++
  return count
}

const retries = (
  budget: RetryBudget,
  { count, answered }: { count: number; answered: boolean },
) => {
  for (let i = 0; i < count; i++) {
    budget.enter()
    expect(budget.take()).toBe(true)
    budget.leave(true, answered)
  }
}

it.each([
  { live: 1, allowed: 10 },
  { live: 50, allowed: 10 },
  { live: 100, allowed: 20 },
  { live: 500, allowed: 100 },
])('allows $allowed at once among $live requests when retries fail', ({ live, allowed }) => {
  const budget = createRetryBudget()
  retries(budget, { count: 7, answered: false })
  expect(taken(budget, live)).toBe(allowed)
})

it.each([
  ['there was none', { count: 0, answered: true }],
  ['they are answered', { count: 100, answered: true }],
  ['few fail', { count: 6, answered: false }],
])('allows all while %s', (_, before) => {
  const budget = createRetryBudget()
  retries(budget, before)
  expect(taken(budget, 1)).toBe(1000)
})

it('is lavish again when they are answered again', () => {
  const budget = createRetryBudget()
  retries(budget, { count: 100, answered: false })
  expect(taken(budget, 1)).toBe(10)
  for (let i = 0; i < 10; i++) budget.leave(true, true)
  retries(budget, { count: 1, answered: true })
  expect(taken(budget, 1)).toBe(1000)
})

it('gives back what was taken', () => {
  const budget = createRetryBudget()
  retries(budget, { count: 7, answered: false })
  for (let i = 0; i < 10; i++) {
    budget.enter()
    expect(budget.take()).toBe(true)
  }
  expect(budget.take()).toBe(false)
  budget.leave(true)
  expect(budget.take()).toBe(true)
})
