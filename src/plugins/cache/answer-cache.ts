import { type ByteLru, createByteLru } from '../../lib/byte-lru.ts'
import type { HeaderView } from '../../pdk/headers.ts'
import type { KeptAnswer } from './kept-answer.ts'
import { lengthened } from './place.ts'

/** The answers of a process, of all configurations, bounded by their bytes. */
export interface AnswerCache {
  readonly bytes: number
  /** The answer for a place and what the request says of itself; also a stale one. */
  find(place: string, headers: HeaderView, now: number): KeptAnswer | undefined
  /** Keeps an answer beside those for requests that differ in what it varies by. */
  keep(place: string, answer: KeptAnswer, variance: Variance): void
  forget(place: string): void
  /** The answer of that name, the latest of several. */
  named(
    name: string,
    now: number,
  ): { readonly place: string; readonly answer: KeptAnswer } | undefined
  clear(): void
}

/** What an answer varies by, and the request it was an answer to. */
export interface Variance {
  /** Lower-case names. */
  readonly names: readonly string[]
  readonly headers: HeaderView
}

/** Stands at a place whose answers vary, and says by what. */
interface Fork {
  readonly name: string
  readonly names: readonly string[]
  readonly prefix: string
  readonly latest: string
}

type Kept = { readonly answer: KeptAnswer } | { readonly fork: Fork }

/** Kong: as much as its cache may hold; half of it here, so that it fits into small processes. */
const MOST_BYTES = 64 * 2 ** 20

/** What an entry takes beside its texts and bytes. */
const OVERHEAD = 500

/** What is kept, and what is known of it. */
interface Shelf {
  readonly lru: ByteLru<Kept>
  /** The place of each name. */
  readonly places: Map<string, string>
  /** How many forks there were. */
  forks: number
}

/** Makes one, empty. */
export function createAnswerCache(limit = MOST_BYTES): AnswerCache {
  const places = new Map<string, string>()
  const lru = createByteLru<Kept>(limit, (kept, key) => {
    const { name } = 'answer' in kept ? kept.answer : kept.fork
    if (places.get(name) === key) places.delete(name)
  })
  const shelf: Shelf = { lru, places, forks: 0 }
  return {
    get bytes() {
      return lru.bytes
    },
    find(place, headers, now) {
      const kept = lru.get(place)
      if (kept === undefined || 'answer' in kept) return answerAt(shelf, place, now)
      const { prefix, names } = kept.fork
      return answerAt(shelf, variantKey(prefix, { names, headers }), now)
    },
    keep(place, answer, variance) {
      if (variance.names.length === 0) lru.set(place, { answer }, sizeOf(place, answer))
      else keepVariant(shelf, place, { answer, variance })
      if (lru.get(place) !== undefined) places.set(answer.name, place)
    },
    forget: (place) => void lru.delete(place),
    named(name, now) {
      const place = places.get(name)
      if (place === undefined) return undefined
      const answer = answerAt(shelf, forkAt(shelf, place)?.latest ?? place, now)
      return answer === undefined ? undefined : { place, answer }
    },
    clear: () => lru.clear(),
  }
}

function answerAt({ lru }: Shelf, key: string, now: number): KeptAnswer | undefined {
  const kept = lru.get(key)
  if (kept === undefined || !('answer' in kept)) return undefined
  if (kept.answer.until > now) return kept.answer
  lru.delete(key)
  return undefined
}

function forkAt({ lru }: Shelf, place: string): Fork | undefined {
  const kept = lru.get(place)
  return kept !== undefined && 'fork' in kept ? kept.fork : undefined
}

interface Variant {
  readonly answer: KeptAnswer
  readonly variance: Variance
}

/** Keeps an answer beside others, and a fork that leads to each of them. */
function keepVariant(shelf: Shelf, place: string, { answer, variance }: Variant): void {
  const { lru } = shelf
  const { names } = variance
  const prefix = prefixFor(shelf, place, names)
  const latest = variantKey(prefix, variance)
  const fork = { name: answer.name, names, prefix, latest }
  lru.set(place, { fork }, OVERHEAD + place.length)
  lru.set(latest, { answer }, sizeOf(place, answer) + latest.length)
}

function prefixFor(shelf: Shelf, place: string, names: readonly string[]): string {
  const before = forkAt(shelf, place)
  const isSame = before !== undefined && before.names.join() === names.join()
  // With another prefix nobody finds what varied by something else, and it falls out.
  return isSame ? before.prefix : `${place}|${++shelf.forks}|`
}

/** What tells answers at one place apart. */
export function variantKey(prefix: string, { names, headers }: Variance): string {
  return prefix + names.map((name) => lengthened(headers.all(name).join())).join('')
}

function sizeOf(place: string, { headers, body }: KeptAnswer): number {
  const text = headers.reduce((sum, part) => sum + part.length, place.length)
  return OVERHEAD + text + (body?.length ?? 0)
}
