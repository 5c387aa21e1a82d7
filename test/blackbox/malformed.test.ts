import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MESSAGES } from '../wire/malformed.ts'
import { faultsOf, idOf, type Outcome, sendAll } from '../wire/malformed-run.ts'
import { startWorld, type World } from '../wire/world.ts'
import { RUNTIMES } from './runtimes.ts'

// A Worker's requests are read by the platform: what its parser takes is not ours to say.
const runtimes = RUNTIMES.filter((runtime) => runtime !== 'workerd')

describe('the malformed messages', () => {
  it('are many, and each is there once', () => {
    expect(MESSAGES.length).toBeGreaterThanOrEqual(351)
    const names = MESSAGES.map(({ name }) => name)
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
  })
})

describe.each(runtimes)('malformed messages on %s', (runtime) => {
  let world: World
  let outcomes: readonly Outcome[]

  beforeAll(async () => {
    world = await startWorld(runtime)
    outcomes = await sendAll(world, MESSAGES)
  }, 120_000)
  afterAll(() => world?.stop())

  it('leave nothing for the target to be unsure of', () => {
    expect(world.target.faults).toEqual([])
  })

  it('leave nothing smuggled', () => {
    expect(world.target.paths.filter((path) => path.includes('smuggled'))).toEqual([])
  })

  it.each(MESSAGES.map((message, n) => [message.name, message.verdict, n] as const))(
    '%s: %s',
    async (_name, _verdict, n) => {
      const [message, outcome] = [MESSAGES[n], outcomes[n]]
      if (message === undefined || outcome === undefined) throw new Error(`No outcome ${n}`)
      expect(await faultsOf(world, message, { id: idOf(n), outcome })).toEqual([])
    },
  )

  it('leave the gateway serving', async () => {
    expect((await world.get('/after')).answer.text).toBe('/after')
  })
})
