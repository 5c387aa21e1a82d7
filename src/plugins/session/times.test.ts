import { describe, expect, it } from 'vitest'
import { dueFor, timeLeft } from './times.ts'

const times = { created: 1000, rolled: 2000, touched: 3000 }

describe('what is left', () => {
  it.each([
    {
      timeouts: { idling: 900, rolling: 3600, absolute: 86400 },
      left: { idling: 890, rolling: 2590, absolute: 84390, all: 890 },
    },
    {
      timeouts: { idling: 0, rolling: 0, absolute: 2000 },
      left: { idling: undefined, rolling: undefined, absolute: -10, all: -10 },
    },
    {
      timeouts: { idling: 0, rolling: 0, absolute: 0 },
      left: { idling: undefined, rolling: undefined, absolute: undefined, all: undefined },
    },
  ])('of $timeouts: $left', ({ timeouts, left }) => {
    expect(timeLeft(times, timeouts, 3010)).toEqual(left)
  })
})

describe('what is due', () => {
  it.each([
    { idling: 900, rolling: 3600, now: 3059, due: undefined },
    { idling: 900, rolling: 3600, now: 3060, due: 'touch' },
    { idling: 900, rolling: 3600, now: 4699, due: 'touch' },
    { idling: 900, rolling: 3600, now: 4700, due: 'renew' },
    { idling: 0, rolling: 0, now: 99999, due: undefined },
    { idling: 20, rolling: 0, now: 3004, due: undefined },
    { idling: 20, rolling: 0, now: 3005, due: 'touch' },
    { idling: 1, rolling: 0, now: 3000, due: undefined },
  ])('of $idling and $rolling at $now: $due', ({ due, now, ...timeouts }) => {
    expect(dueFor(times, { ...timeouts, absolute: 0 }, now)).toBe(due)
  })
})
