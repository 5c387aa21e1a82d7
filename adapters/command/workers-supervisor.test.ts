import { describe, expect, it } from 'vitest'
import { type ChildEvents, createSupervisor } from './workers-supervisor.ts'

/** Children that do as they are told, and time that passes only by `advance`. */
function setUp(count: number) {
  const children: (ChildEvents & { place: number; again: boolean; told: string[] })[] = []
  const timers = new Set<{ readonly at: number; readonly run: () => void }>()
  const logged: object[] = []
  let now = 0
  const supervisor = createSupervisor({
    count,
    now: () => now,
    log: (_, message, fields) => logged.push({ message, ...fields }),
    after(milliseconds, run) {
      const timer = { at: now + milliseconds, run }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    spawn(place, again, events) {
      const told: string[] = []
      children.push({ ...events, place, again, told })
      return { stop: () => told.push('stop'), kill: () => told.push('kill') }
    },
  })
  const advance = (milliseconds: number) => {
    now += milliseconds
    for (const timer of timers) {
      if (timer.at > now) continue
      timers.delete(timer)
      timer.run()
    }
  }
  const started = async () => {
    const starting = supervisor.start()
    children[0]?.serving()
    await flush()
    for (const child of children.slice(1)) child.serving()
    await starting
  }
  return { supervisor, children, advance, started, logged }
}

describe('createSupervisor', () => {
  it('starts the others once the first one serves, and resolves when all do', async () => {
    const { supervisor, children } = setUp(3)
    let done = false
    const starting = supervisor.start().then(() => {
      done = true
    })
    expect(children).toHaveLength(1)
    children[0]?.serving()
    await flush()
    expect(children.map(({ place, again }) => [place, again])).toEqual([
      [0, false],
      [1, false],
      [2, false],
    ])
    children[1]?.serving()
    await flush()
    expect(done).toBe(false)
    children[2]?.serving()
    await starting
  })

  it('gives up when the first one cannot start', async () => {
    const { supervisor, children } = setUp(2)
    const starting = supervisor.start()
    children[0]?.ended('exited with 1')
    await expect(starting).rejects.toThrow('worker 1 exited with 1')
    expect(children).toHaveLength(1)
  })

  it('ends those that serve when another cannot start', async () => {
    const { supervisor, children, advance } = setUp(2)
    const starting = supervisor.start()
    children[0]?.serving()
    await flush()
    children[1]?.ended('exited with 1')
    await flush()
    expect(children[0]?.told).toEqual(['stop'])
    advance(0)
    expect(children[0]?.told).toEqual(['stop', 'kill'])
    children[0]?.ended('was killed')
    await expect(starting).rejects.toThrow('worker 2 exited with 1')
  })

  it('waits for one that was still starting, when another cannot start', async () => {
    const { supervisor, children } = setUp(3)
    const starting = supervisor.start()
    children[0]?.serving()
    await flush()
    children[1]?.ended('exited with 1')
    await flush()
    children[0]?.ended('exited with 0')
    let rejected = ''
    starting.catch((error: Error) => {
      rejected = error.message
    })
    await flush()
    expect(rejected).toBe('')
    children[2]?.ended('was killed')
    await flush()
    expect(rejected).toBe('worker 2 exited with 1')
  })

  it('starts one that dies again: at once, then after growing pauses, then at once again', async () => {
    const { children, advance, started, logged } = setUp(1)
    await started()
    const pauses: number[] = []
    for (let death = 0; death < 10; death++) {
      const count = children.length
      children.at(-1)?.ended('was killed')
      let waited = 0
      advance(0)
      while (children.length === count) {
        advance(50)
        waited += 50
      }
      pauses.push(waited)
    }
    expect(pauses).toEqual([0, 100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000])
    expect(children.at(-1)).toMatchObject({ place: 0, again: true })
    expect(logged).toHaveLength(10)
    children.at(-1)?.serving()
    advance(10_000)
    children.at(-1)?.ended('was killed')
    advance(0)
    expect(children).toHaveLength(12)
  })

  it('kills one that takes too long to serve: the first ones for good, later ones to try again', async () => {
    const first = setUp(1)
    const starting = first.supervisor.start()
    first.advance(59_999)
    expect(first.children[0]?.told).toEqual([])
    first.advance(1)
    expect(first.children[0]?.told).toEqual(['kill'])
    first.children[0]?.ended('was killed')
    await expect(starting).rejects.toThrow('worker 1 did not serve within 60 s')

    const { children, advance, started, logged } = setUp(1)
    await started()
    advance(60_000)
    expect(children[0]?.told).toEqual([])
    children[0]?.ended('was killed')
    advance(0)
    advance(60_000)
    expect(children[1]?.told).toEqual(['kill'])
    children[1]?.ended('was killed')
    advance(10_000)
    expect(children).toHaveLength(3)
    expect(logged.at(-1)).toMatchObject({ how: 'did not serve within 60 s' })
  })

  it('has all finish, kills who does not, and starts none again', async () => {
    const { supervisor, children, advance, started } = setUp(2)
    await started()
    let done = false
    const stopping = supervisor.stop(1000).then(() => {
      done = true
    })
    children[0]?.ended('exited with 0')
    await flush()
    expect([done, children.map(({ told }) => told)]).toEqual([false, [['stop'], ['stop']]])
    advance(1000)
    expect(children[1]?.told).toEqual(['stop', 'kill'])
    children[1]?.ended('was killed')
    await stopping
    advance(60_000)
    expect(children).toHaveLength(2)
  })

  it('starts none that waits for its turn when it is stopped', async () => {
    const { supervisor, children, advance, started } = setUp(1)
    await started()
    children[0]?.ended('was killed')
    advance(0)
    children[1]?.ended('was killed')
    await supervisor.stop(1000)
    advance(60_000)
    expect(children).toHaveLength(2)
  })
})

async function flush(): Promise<void> {
  for (let i = 0; i < 8; i++) await Promise.resolve()
}
