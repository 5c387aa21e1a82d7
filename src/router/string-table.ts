/**
 * A map with strings as keys that can be asked for a part of a longer string without cutting it out:
 * a request's path is looked up at each length there is, and every cut would be a new string.
 */
export interface StringTable<V> {
  /** A byte of each key's hash, 0 where there is none: most misses end here, and it stays in the cache. */
  readonly tags: Uint8Array
  /** The hashes, for when the table grows. */
  readonly hashes: Int32Array
  /**
   * Each slot's key and its value behind it: beside each other, as in a large table either is a miss
   * of the processor's cache. The value is undefined for a key that was taken out again.
   */
  readonly entries: (string | V | undefined)[]
  /** How many slots have a key. */
  taken: number
}

const LEAST_SLOTS = 8
const START = 0x811c9dc5

/** Hashes a part of a text. */
export function hashOf(text: string, from = 0, to = text.length): number {
  let hash = START
  for (let i = from; i < to; i++) hash = hashStep(hash, text.charCodeAt(i))
  return hashEnd(hash)
}

/** The hash of what is read from the text's end, so that every ending of it costs one step more. */
export function hashBackwards(text: string): number {
  let hash = START
  for (let i = text.length - 1; i >= 0; i--) hash = hashStep(hash, text.charCodeAt(i))
  return hashEnd(hash)
}

/** The state before the first char. */
export const hashStart = START

/** The state after one more char. */
export function hashStep(hash: number, char: number): number {
  return Math.imul(hash ^ char, 0x01000193)
}

/** The hash of a state. */
export function hashEnd(hash: number): number {
  return hash ^ (hash >>> 15)
}

/** An empty table. */
export function emptyTable<V>(): StringTable<V> {
  return tableOf(LEAST_SLOTS)
}

function tableOf<V>(slots: number): StringTable<V> {
  return {
    tags: new Uint8Array(slots),
    hashes: new Int32Array(slots),
    entries: new Array(slots * 2).fill(undefined),
    taken: 0,
  }
}

/** The same table, to be changed on its own; with room for so many more keys. */
export function copyTable<V>(table: StringTable<V>, more = 0): StringTable<V> {
  const { tags, hashes, entries, taken } = table
  if (isFull(taken + more, tags.length)) return grown(table, more)
  return { tags: tags.slice(), hashes: hashes.slice(), entries: entries.slice(), taken }
}

/** The value whose key is `text` from `from` to `to`, which has the hash given. */
export function lookUp<V>(
  table: StringTable<V>,
  hash: number,
  text: string,
  from: number,
  to: number,
): V | undefined {
  const { tags } = table
  const mask = tags.length - 1
  const wanted = tagOf(hash)
  for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
    const tag = tags[slot]
    if (tag === 0) return undefined
    if (tag !== wanted) continue
    // A slot with a tag has a key.
    const key = keyAt(table, slot) as string
    if (key.length === to - from && text.startsWith(key, from)) return valueAt(table, slot)
  }
}

function keyAt<V>({ entries }: StringTable<V>, slot: number): string | undefined {
  // What stands at even places was put there by `fill` alone.
  return entries[slot * 2] as string | undefined
}

function valueAt<V>({ entries }: StringTable<V>, slot: number): V | undefined {
  // Likewise at odd ones.
  return entries[slot * 2 + 1] as V | undefined
}

/** Never 0. The slot is chosen by the other end of the hash. */
function tagOf(hash: number): number {
  return (hash >>> 24) | 1
}

/** Sets a key's value; undefined takes it out. Changes the table, and returns it or a larger one. */
export function setKey<V>(
  table: StringTable<V>,
  key: string,
  hash: number,
  value: V | undefined,
): StringTable<V> {
  const slot = slotFor(table, hash, key)
  const isNew = table.tags[slot] === 0
  if (isNew && value === undefined) return table
  table.entries[slot * 2 + 1] = value
  if (!isNew) return table

  fill(table, slot, { key, hash })
  return isFull(table.taken, table.tags.length) ? grown(table, 0) : table
}

function isFull(taken: number, slots: number): boolean {
  return taken * 4 > slots * 3
}

function slotFor<V>(table: StringTable<V>, hash: number, key: string): number {
  const { tags } = table
  const mask = tags.length - 1
  let slot = hash & mask
  while (tags[slot] !== 0 && keyAt(table, slot) !== key) slot = (slot + 1) & mask
  return slot
}

function fill<V>(
  table: StringTable<V>,
  slot: number,
  { key, hash }: { readonly key: string; readonly hash: number },
): void {
  table.tags[slot] = tagOf(hash)
  table.hashes[slot] = hash
  table.entries[slot * 2] = key
  table.taken++
}

/** Leaves behind the keys that were taken out, and makes room for more. */
function grown<V>(table: StringTable<V>, more: number): StringTable<V> {
  const before = table.tags.length
  let live = 0
  for (let i = 0; i < before; i++) if (valueAt(table, i) !== undefined) live++
  let slots = LEAST_SLOTS
  while (slots < live * 2 || isFull(live + more, slots)) slots *= 2

  const next = tableOf<V>(slots)
  for (let i = 0; i < before; i++) {
    const key = keyAt(table, i)
    const value = valueAt(table, i)
    if (key === undefined || value === undefined) continue
    const hash = table.hashes[i] ?? 0
    const slot = slotFor(next, hash, key)
    next.entries[slot * 2 + 1] = value
    fill(next, slot, { key, hash })
  }
  return next
}
