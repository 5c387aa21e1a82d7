import type { Hooks } from '../pdk/hooks.ts'
import type { PluginIndex } from './plugin-index.ts'

/** One plugin's place in a chain. */
export interface Step {
  /** What runs for somebody unknown. */
  readonly hooks: Hooks | undefined
  /** What runs for a consumer; absent when it is the same for all. */
  readonly ofConsumer?: (id: string) => Hooks | undefined
}

/** The plugins of a route, by priority. */
export interface Chain {
  readonly steps: readonly Step[]
  /** What runs when nobody is known: the whole chain where consumers make no difference. */
  readonly hooks: readonly Hooks[]
  /** Whether a step looks at who asks. */
  readonly perConsumer: boolean
  /** Whether anything is done before there is a route. */
  readonly rewrites: boolean
  /** Whether anything is done with an answer, or after it. */
  readonly attentive: boolean
}

/** Whose chain it is; neither for a request that no route wants. */
export interface Place {
  readonly routeId: string | undefined
  readonly serviceId: string | undefined
}

/** Makes the chain of a place, the plugins given in the order they run; undefined when none applies. */
export function chainFor(plugins: Iterable<PluginIndex>, place: Place): Chain | undefined {
  const steps: Step[] = []
  for (const plugin of plugins) {
    const hooks = plugin.find(place, undefined)
    if (plugin.perConsumer) steps.push({ hooks, ofConsumer: (id) => plugin.find(place, id) })
    else if (hooks !== undefined) steps.push({ hooks })
  }
  if (steps.length === 0) return undefined
  const hooks = steps.flatMap((step) => step.hooks ?? [])
  const perConsumer = steps.some(({ ofConsumer }) => ofConsumer !== undefined)
  return {
    steps,
    hooks,
    rewrites: hooks.some(({ rewrite }) => rewrite !== undefined),
    perConsumer,
    // Who asks may have plugins that do.
    attentive: perConsumer || hooks.some(({ response, log }) => (response ?? log) !== undefined),
  }
}
