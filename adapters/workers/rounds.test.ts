import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createRounds, type Rounds, type Waiting } from './rounds.ts'

let kept: Promise<unknown>[]
let rounds: Rounds

beforeEach(() => {
  vi.useFakeTimers()
  kept = []
  rounds = createRounds((work) => kept.push(work))
})

afterEach(() => {
  vi.useRealTimers()
})

function joined(woken: string[], name: string): Waiting {
  const one: Waiting = {
    since: Date.now(),
    late() {
      woken.push(name)
      if (name !== 'dead') rounds.leave(one)
    },
    lost: () => void woken.push(`${name} is lost`),
  }
  rounds.join(one)
  return one
}

describe('rounds', () => {
  it('wake who waits still, on the one timer of the request that came first', async () => {
    const woken: string[] = []
    joined(woken, 'first')
    joined(woken, 'second')
    expect([vi.getTimerCount(), kept.length]).toEqual([1, 1])
    await vi.advanceTimersByTimeAsync(1000)
    expect(woken).toEqual(['first', 'second'])
  })

  it('give up who does not hear that it is late, once, and end then', async () => {
    const woken: string[] = []
    joined(woken, 'dead')
    await vi.advanceTimersByTimeAsync(1000)
    expect(woken).toEqual(['dead'])
    await vi.advanceTimersByTimeAsync(1000)
    expect(woken).toEqual(['dead', 'dead is lost'])
    await Promise.all(kept)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('leave who is answered in peace, and end when nobody waits', async () => {
    const woken: string[] = []
    rounds.leave(joined(woken, 'first'))
    await vi.advanceTimersByTimeAsync(1000)
    await Promise.all(kept)
    expect([woken, vi.getTimerCount()]).toEqual([[], 0])
  })

  it('let who has just come wait for the next one', async () => {
    const woken: string[] = []
    joined(woken, 'first')
    await vi.advanceTimersByTimeAsync(900)
    joined(woken, 'second')
    await vi.advanceTimersByTimeAsync(100)
    expect(woken).toEqual(['first'])
    await vi.advanceTimersByTimeAsync(1000)
    expect([woken, kept.length]).toEqual([['first', 'second'], 1])
  })

  it('go on by another request when the one that held them is gone', async () => {
    const woken: string[] = []
    joined(woken, 'first')
    // Its timers died with it.
    vi.clearAllTimers()
    await vi.advanceTimersByTimeAsync(2000)
    joined(woken, 'second')
    expect(kept.length).toBe(2)
    await vi.advanceTimersByTimeAsync(1000)
    expect(woken).toEqual(['first', 'second'])
  })

  it('are handed over before a platform ends the request that holds them', async () => {
    const woken: string[] = []
    joined(woken, 'old')
    for (let i = 0; i < 115; i++) {
      await vi.advanceTimersByTimeAsync(200)
      joined(woken, 'next')
    }
    expect(kept.length).toBe(2)
    await expect(kept[0]).resolves.toBeUndefined()
  })
})
