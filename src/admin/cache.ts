import { NO_CONTENT, NOT_FOUND } from './reply.ts'
import type { Resource } from './resource.ts'

/** `/cache`: all entities are at hand, so nothing is ever cached and purging is done already. */
export const cacheResources: readonly Resource[] = [
  { pattern: '/cache', handlers: { DELETE: () => NO_CONTENT } },
  {
    pattern: '/cache/{key}',
    handlers: { GET: () => NOT_FOUND, DELETE: () => NO_CONTENT },
  },
]
