import type { Exchange } from '../../pdk/exchange.ts'
import type { Hooks } from '../../pdk/hooks.ts'

/** Tells clients the trace's id in a header of that name; nothing without one. */
export function answeringWith(
  name: string | null,
  traceIdOf: (exchange: Exchange) => string | undefined,
): Pick<Hooks, 'response'> {
  if (name === null) return {}
  return {
    response(exchange) {
      const traceId = traceIdOf(exchange)
      if (traceId !== undefined) exchange.response.headers.add(name, traceId)
    },
  }
}
