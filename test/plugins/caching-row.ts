import type { Asked } from './rows-row.ts'

/** Headers of an upstream's answer; a list holds the lines of one that comes several times. */
export type Headers = Readonly<Record<string, string | string[]>>

/** What a cache may do with an answer: it is asked twice, and the second may get what the first got. */
export interface CachingRow {
  readonly what: string
  /** What the upstream says of its answers. */
  readonly answer?: Headers
  /** The upstream's status. */
  readonly answered?: number
  /** How the upstream sends its body: with its length (as it does otherwise), without, or not to its end. */
  readonly sent?: 'chunked' | 'cut'
  readonly first?: Asked
  readonly between?: Asked
  readonly second?: Asked
  /** Whether the second gets the first's answer. */
  readonly reused: boolean
  /** The second answer's status, and headers; null for one that must not be there. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string | RegExp | null>>
}
