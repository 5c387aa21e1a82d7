import type { ModelOptions } from './driver.ts'
import type { JsonObject } from './json-reading.ts'

const MERGED = ['temperature', 'max_tokens', 'top_p', 'top_k'] as const

/** A request with what the operator chose; the client's own choice counts where there is none. */
export function mergeOptions(body: JsonObject, options: ModelOptions): JsonObject {
  const chosen = MERGED.flatMap((name) => {
    const value = options[name]
    return value === undefined || value === null ? [] : [[name, value]]
  })
  return { ...body, ...Object.fromEntries(chosen) }
}
