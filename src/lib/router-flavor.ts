/** The ways routes can be chosen, by the names `router_flavor` has for them. */
export const ROUTER_FLAVORS = ['traditional', 'traditional_compatible', 'expressions'] as const

/** One of them. */
export type RouterFlavor = (typeof ROUTER_FLAVORS)[number]
