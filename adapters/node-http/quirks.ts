import process from 'node:process'

/** Runtimes differ under the same API in a few places; each use says in what. */
export const IS_BUN = process.versions.bun !== undefined
export const IS_DENO = process.versions.deno !== undefined
