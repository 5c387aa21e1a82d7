import { CACHE_DOORS } from './rows-side-doors-caching.ts'
import { KEY_DOORS } from './rows-side-doors-keys.ts'
import { LIMIT_DOORS } from './rows-side-doors-limits.ts'
import { ORIGIN_DOORS } from './rows-side-doors-origins.ts'
import { TOKEN_DOORS } from './rows-side-doors-tokens.ts'
import type { SideDoor } from './side-door.ts'

/** G39: every attempt to get around a plugin. */
export const SIDE_DOORS: readonly SideDoor[] = [
  ...KEY_DOORS,
  ...TOKEN_DOORS,
  ...LIMIT_DOORS,
  ...CACHE_DOORS,
  ...ORIGIN_DOORS,
]
