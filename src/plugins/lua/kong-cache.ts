import { createRecentMap } from '../../lib/recent-map.ts'
import type { Kit } from '../../pdk/kit.ts'
import {
  LuaFault,
  type LuaFunction,
  type LuaModule,
  type LuaTable,
  type LuaValue,
  several,
} from '../../pdk/lua-engine.ts'
import { isTable, stringIn } from './arguments.ts'

interface Cached {
  readonly value: LuaValue
  /** Milliseconds since 1970; undefined for never. */
  readonly endsAt: number | undefined
}

/** Values at most; code must not fill our memory by keys. */
const MOST = 1000

/** `kong.cache`, as far as Kong shows it to functions; each method is called with a colon. */
export function kongCache({ runtime }: Pick<Kit, 'runtime'>): LuaModule {
  const cached = createRecentMap<string, Cached>(MOST)
  const find = (key: string): Cached | undefined => {
    const found = cached.get(key)
    return found?.endsAt !== undefined && runtime.now() >= found.endsAt ? undefined : found
  }
  const forget = (_: LuaValue, key: LuaValue) => {
    cached.delete(stringIn(key, 'key'))
    return true
  }
  return {
    members: {
      get(_, key, options, make, ...args) {
        const name = stringIn(key, 'key')
        const found = find(name)
        if (found !== undefined) return found.value
        const made = isFunction(make) ? madeBy(make, args) : { value: undefined }
        if ('failure' in made) return several(undefined, made.failure)
        const limits = isTable(options) ? options : undefined
        cached.set(name, { value: made.value, endsAt: endOf(made.value, limits, runtime.now()) })
        return made.value
      },
      probe(_, key) {
        const name = stringIn(key, 'key')
        const found = find(name)
        if (found === undefined) return undefined
        const { endsAt, value } = found
        return several(endsAt === undefined ? 0 : (endsAt - runtime.now()) / 1000, undefined, value)
      },
      invalidate: forget,
      invalidate_local: forget,
    },
  }
}

function madeBy(
  make: LuaFunction,
  args: readonly LuaValue[],
): { readonly value: LuaValue } | { readonly failure: LuaValue } {
  try {
    const [value, failure] = make.call(...args)
    // Kong: what comes second says why there is nothing to keep.
    return failure === undefined || failure === null ? { value } : { failure }
  } catch (error) {
    if (!(error instanceof LuaFault)) throw error
    return { failure: `callback threw an error: ${error.message}` }
  }
}

/** Kong: what is not there is kept as well, for a time of its own; 0 is for good. */
function endOf(value: LuaValue, options: LuaTable | undefined, now: number): number | undefined {
  const seconds = options?.get(value === undefined || value === null ? 'neg_ttl' : 'ttl')
  return typeof seconds === 'number' && seconds > 0 ? now + seconds * 1000 : undefined
}

function isFunction(value: LuaValue): value is LuaFunction {
  return typeof value === 'object' && value !== null && value.kind === 'function'
}
