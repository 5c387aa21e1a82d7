import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { WIRE_CASES } from '../wire/all.ts'
import { IMPOSSIBLE } from '../wire/impossible.ts'
import { startWorld, type World } from '../wire/world.ts'
import { RUNTIMES } from './runtimes.ts'

const names = Object.values(WIRE_CASES).flatMap((cases) => cases.map(({ name }) => name))

describe('the wire suite', () => {
  it('names each of its cases once, and knows what it calls impossible', () => {
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
    const impossible = Object.values(IMPOSSIBLE).flatMap((table) => Object.keys(table))
    expect(impossible.filter((name) => !names.includes(name))).toEqual([])
  })
})

describe.each(RUNTIMES)('the wire suite on %s', (runtime) => {
  let world: World

  beforeAll(async () => {
    world = await startWorld(runtime)
  })
  afterAll(() => world?.stop())
  beforeEach(() => world.reset())

  describe.each(Object.entries(WIRE_CASES))('%s', (_part, cases) => {
    for (const { name, run } of cases) {
      const reason = IMPOSSIBLE[runtime][name]
      const shown = reason === undefined ? name : `${name} (impossible: ${reason})`
      it.skipIf(reason !== undefined)(shown, async () => {
        await run(world)
        expect(world.target.faults).toEqual([])
      })
    }
  })
})
