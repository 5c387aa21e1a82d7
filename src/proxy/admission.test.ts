import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { After } from '../lib/after.ts'
import type { Departure } from '../ports/server.ts'
import { type AdmissionLimits, createAdmission, type Waited } from './admission.ts'

/** Time that passes only by `advance`. */
function createTimers() {
  const timers = new Set<{ readonly at: number; readonly run: () => void }>()
  let now = 0
  const after: After = (milliseconds, run) => {
    const timer = { at: now + milliseconds, run }
    timers.add(timer)
    return () => timers.delete(timer)
  }
  const advance = (milliseconds: number): void => {
    now += milliseconds
    for (const timer of timers) {
      if (timer.at > now) continue
      timers.delete(timer)
      timer.run()
    }
  }
  return { after, advance, timers }
}

function createClient(): Departure & { leave(): void } {
  const listeners: (() => void)[] = []
  let gone = false
  return {
    get gone() {
      return gone
    },
    onGone: (listener) => void listeners.push(listener),
    leave() {
      gone = true
      for (const listener of listeners) listener()
    },
  }
}

function setUp(limits: Partial<AdmissionLimits> = {}) {
  const { after, advance, timers } = createTimers()
  const all = { inFlight: 1, waiting: 10, wait: 100, ...limits }
  return { admission: createAdmission(all, { after }), advance, timers }
}

describe('createAdmission', () => {
  it('lets in as many as may be under way, and another for each that leaves', () => {
    const { admission } = setUp({ inFlight: 2 })
    expect([admission.enter(), admission.enter(), admission.enter()]).toEqual([true, true, false])
    admission.leave()
    expect([admission.enter(), admission.enter()]).toEqual([true, false])
  })

  it('hands a slot on to whoever waited longest, past nobody', async () => {
    const { admission } = setUp()
    admission.enter()
    const order: string[] = []
    for (const name of ['a', 'b', 'c']) {
      void admission.wait(createClient()).then((waited) => order.push(`${name} ${waited}`))
    }
    admission.leave()
    expect(admission.enter()).toBe(false)
    admission.leave()
    await flush()
    expect(order).toEqual(['a admitted', 'b admitted'])
    expect([admission.inFlight, admission.waiting]).toEqual([1, 1])
  })

  it.each([
    { why: 'as many wait as may', limits: { waiting: 0 } },
    { why: 'nobody may wait any time', limits: { wait: 0 } },
  ])('is full at once when $why', async ({ limits }) => {
    const { admission, timers } = setUp(limits)
    admission.enter()
    expect(await admission.wait(createClient())).toBe('full')
    expect(timers.size).toBe(0)
  })

  it('sends away who waited long enough, in their turn, and keeps no timer of others', async () => {
    const { admission, advance, timers } = setUp()
    admission.enter()
    const first = admission.wait(createClient())
    advance(60)
    const second = admission.wait(createClient())
    advance(40)
    expect(await first).toBe('late')
    admission.leave()
    expect(await second).toBe('admitted')
    expect(timers.size).toBe(0)
    expect([admission.inFlight, admission.waiting]).toEqual([1, 0])
  })

  it('frees the place of a client that leaves, and takes in none that has left', async () => {
    const { admission, timers } = setUp({ waiting: 1 })
    admission.enter()
    const client = createClient()
    const waited = admission.wait(client)
    expect(await admission.wait(createClient())).toBe('full')
    client.leave()
    expect(await waited).toBe('left')
    expect(await admission.wait(client)).toBe('left')
    expect([admission.waiting, timers.size]).toEqual([0, 0])
    admission.leave()
    expect(admission.inFlight).toBe(0)
  })

  it('holds its limits, its order and every slot whatever happens', async () => {
    await fc.assert(fc.asyncProperty(limitsOf, fc.array(step, { maxLength: 60 }), behaves))
  })
})

const limitsOf = fc.record({
  inFlight: fc.integer({ min: 1, max: 4 }),
  waiting: fc.integer({ min: 0, max: 5 }),
  wait: fc.constantFrom(0, 10, 100),
})

const step = fc.oneof(
  { weight: 4, arbitrary: fc.constant('come' as const) },
  { weight: 3, arbitrary: fc.constant('finish' as const) },
  { weight: 1, arbitrary: fc.nat({ max: 20 }).map((which) => ({ which })) },
  { weight: 1, arbitrary: fc.constantFrom(1, 5, 10, 50) },
)

type Step = 'come' | 'finish' | number | { readonly which: number }

/** A plain list of who waits until when, and what must have come of each. */
function createModel(limits: AdmissionLimits) {
  const outcomes: (Waited | undefined)[] = []
  let queue: { id: number; until: number; leave: () => void }[] = []
  let inside = 0
  const answer = (id: number, waited: Waited) => {
    outcomes[id] = waited
    queue = queue.filter((one) => one.id !== id)
    if (waited === 'admitted') inside++
  }
  return {
    outcomes,
    get inside() {
      return inside
    },
    get waiting() {
      return queue.length
    },
    come(now: number, leave: () => void) {
      const id = outcomes.push(undefined) - 1
      if (inside < limits.inFlight) answer(id, 'admitted')
      else if (queue.length >= limits.waiting || limits.wait === 0) answer(id, 'full')
      else queue.push({ id, until: now + limits.wait, leave })
      return id
    },
    finish() {
      inside--
      const [first] = queue
      if (first !== undefined) answer(first.id, 'admitted')
    },
    pass(now: number) {
      for (const { id, until } of queue) if (until <= now) answer(id, 'late')
    },
    leave(which: number) {
      const leaver = queue[which % Math.max(1, queue.length)]
      leaver?.leave()
      if (leaver !== undefined) answer(leaver.id, 'left')
    },
  }
}

async function behaves(limits: AdmissionLimits, steps: readonly Step[]): Promise<void> {
  const { after, advance, timers } = createTimers()
  const admission = createAdmission(limits, { after })
  const model = createModel(limits)
  const outcomes: (Waited | undefined)[] = []
  let now = 0
  const come = async () => {
    const client = createClient()
    const id = model.come(now, client.leave)
    outcomes[id] = undefined
    outcomes[id] = admission.enter() ? 'admitted' : await admission.wait(client)
  }
  const finish = () => {
    if (model.inside === 0) return
    admission.leave()
    model.finish()
  }
  const pass = (milliseconds: number) => {
    now += milliseconds
    advance(milliseconds)
    model.pass(now)
  }

  for (const one of steps) {
    if (one === 'come') void come()
    else if (one === 'finish') finish()
    else if (typeof one === 'number') pass(one)
    else model.leave(one.which)
    await flush()
    expect(outcomes).toEqual(model.outcomes)
    expect(admission.inFlight).toBe(model.inside)
    expect(admission.inFlight).toBeLessThanOrEqual(limits.inFlight)
    expect([admission.waiting, timers.size]).toEqual([model.waiting, model.waiting])
  }
  while (model.inside > 0) finish()
  expect([admission.inFlight, admission.waiting, timers.size]).toEqual([0, 0, 0])
}

async function flush(): Promise<void> {
  for (let i = 0; i < 4; i++) await Promise.resolve()
}
