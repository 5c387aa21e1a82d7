import type { Entry, Json } from '../ports/store.ts'
import { isObject } from '../schema/field.ts'

/** The declarative text that all there is came from. */
export interface LoadedConfig {
  /** Its MD5. */
  readonly hash: string
  /** Whether it was sent to `POST /config`, and so is to be found nowhere else. */
  readonly posted: boolean
}

/** Where it is told of in the store, beside the rows. */
export const LOADED = 'config:loaded'

/** The entry that tells of it. */
export function loadedEntry({ hash, posted }: LoadedConfig): Entry {
  return { key: LOADED, value: { hash, posted } }
}

/** Reads the value of that entry. */
export function loadedFrom(value: Json | undefined): LoadedConfig | undefined {
  if (!isObject(value)) return undefined
  const { hash, posted } = value
  return typeof hash === 'string' ? { hash, posted: posted === true } : undefined
}

/** Whether a store that has the one has to be told of the other; what is posted is told each time. */
export function isNews(known: LoadedConfig | undefined, loaded: LoadedConfig | undefined): boolean {
  if (loaded === undefined) return false
  return loaded.posted || known === undefined || known.posted || known.hash !== loaded.hash
}
