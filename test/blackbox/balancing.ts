import { afterAll, afterEach, beforeAll } from 'vitest'
import { type RunningGateway, type RuntimeName, startGateway } from '../runtimes/start.ts'
import { type Balanced, type BalancedOptions, openBalanced } from './balanced.ts'
import { startTarget, type Target } from './target.ts'

type Options = Omit<BalancedOptions, 'targets'>

/** A suite's gateway, and pools of targets of which each is gone after its test. */
export interface Balancing {
  readonly gateway: RunningGateway
  /** A pool of new targets with these names. */
  openPool(
    names: readonly string[],
    options?: Options,
  ): Promise<{ readonly targets: readonly Target[]; readonly pool: Balanced }>
  /** A pool of two, `a` and `b`. */
  openTwo(
    options?: Options,
  ): Promise<{ readonly a: Target; readonly b: Target; readonly pool: Balanced }>
}

/** To be called once, at the top of a suite. */
export function balancing(runtime: RuntimeName): Balancing {
  let gateway: RunningGateway
  const open: Target[] = []
  beforeAll(async () => {
    gateway = await startGateway(runtime)
  })
  afterAll(() => gateway?.stop())
  afterEach(() => Promise.all(open.splice(0).map((target) => target.close())))

  const start = async (name: string): Promise<Target> => {
    const target = await startTarget(name)
    open.push(target)
    return target
  }
  return {
    get gateway() {
      return gateway
    },
    async openPool(names, options = {}) {
      const targets = await Promise.all(names.map(start))
      return { targets, pool: await openBalanced(gateway, { targets, ...options }) }
    },
    async openTwo(options = {}) {
      const [a, b] = await Promise.all([start('a'), start('b')])
      return { a, b, pool: await openBalanced(gateway, { targets: [a, b], ...options }) }
    },
  }
}
