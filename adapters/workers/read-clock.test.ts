import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ReadClock } from './read-clock.ts'
import { createRounds } from './rounds.ts'

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

function clockOf(timeout: number, shared: boolean) {
  const call = new AbortController()
  const rounds = shared ? createRounds(() => {}) : undefined
  const lost = vi.fn()
  const clock = new ReadClock({ timeout, expire: () => call.abort(), rounds, lost })
  return { call, clock, lost }
}

it.each([
  { timeout: 50, shared: true },
  { timeout: 60_000, shared: true },
  { timeout: 60_000, shared: false },
])('ends a call after $timeout ms, rounds shared: $shared', async ({ timeout, shared }) => {
  const { call, clock, lost } = clockOf(timeout, shared)
  clock.start()
  await vi.advanceTimersByTimeAsync(timeout - 1)
  expect([clock.expired, call.signal.aborted]).toEqual([false, false])
  await vi.advanceTimersByTimeAsync(1)
  expect([clock.expired, call.signal.aborted]).toEqual([true, true])
  // It heard each time that it was waited for.
  expect(lost).not.toHaveBeenCalled()
})

it.each([50, 60_000])('leaves a call of %d ms alone that was answered', async (timeout) => {
  const { call, clock } = clockOf(timeout, true)
  clock.start()
  clock.stop()
  await vi.advanceTimersByTimeAsync(timeout * 2)
  expect([clock.expired, call.signal.aborted]).toEqual([false, false])
})

it('leaves a slow call alone that was answered after it got its timer', async () => {
  const { call, clock } = clockOf(60_000, true)
  clock.start()
  await vi.advanceTimersByTimeAsync(5000)
  clock.stop()
  expect(vi.getTimerCount()).toBe(0)
  expect(call.signal.aborted).toBe(false)
})

it('does not start once it was stopped', () => {
  const { clock } = clockOf(50, false)
  clock.stop()
  clock.start()
  expect(vi.getTimerCount()).toBe(0)
})
