import type { Hooks } from '../pdk/hooks.ts'

/** What a configuration is scoped by; a plugin has one at most of each combination. */
export interface Scoped {
  readonly routeId: string | undefined
  readonly serviceId: string | undefined
  readonly consumerId: string | undefined
}

/** The configurations of one plugin. */
export interface PluginIndex {
  readonly size: number
  /** Whether a consumer has one of its own. */
  readonly perConsumer: boolean
  set(scope: Scoped, hooks: Hooks): void
  delete(scope: Scoped): void
  /** The one that counts for a request. */
  find(place: Omit<Scoped, 'consumerId'>, consumerId: string | undefined): Hooks | undefined
}

/** Makes an empty one. */
export function createPluginIndex(): PluginIndex {
  const found = new Map<string, Hooks>()
  let consumers = 0
  const look = (route?: string, service?: string, consumer?: string) =>
    found.get(keyOf(route, service, consumer))
  return {
    get size() {
      return found.size
    },
    get perConsumer() {
      return consumers > 0
    },
    set({ routeId, serviceId, consumerId }, hooks) {
      const key = keyOf(routeId, serviceId, consumerId)
      if (consumerId !== undefined && !found.has(key)) consumers++
      found.set(key, hooks)
    },
    delete({ routeId, serviceId, consumerId }) {
      const gone = found.delete(keyOf(routeId, serviceId, consumerId))
      if (gone && consumerId !== undefined) consumers--
    },
    // Kong's order: what says more of the request counts more, and the consumer most.
    find({ routeId: route, serviceId: service }, consumer) {
      const own =
        consumer === undefined
          ? undefined
          : (look(route, service, consumer) ??
            look(route, undefined, consumer) ??
            look(undefined, service, consumer))
      return (
        own ??
        look(route, service) ??
        (consumer === undefined ? undefined : look(undefined, undefined, consumer)) ??
        look(route) ??
        look(undefined, service) ??
        look()
      )
    },
  }
}

function keyOf(route = '', service = '', consumer = ''): string {
  return `${route}:${service}:${consumer}`
}
