/** Whether a char, by its code, is one of those meant. */
export type CharTest = (code: number) => boolean

/** How much a repetition takes: as much as it can, as little, or as much and never gives back. */
export type Greed = 'greedy' | 'lazy' | 'possessive'

/** A piece of a pattern. */
export type Node =
  | { readonly kind: 'char'; readonly test: CharTest }
  | { readonly kind: 'sequence'; readonly items: readonly Node[] }
  | { readonly kind: 'choice'; readonly options: readonly Node[] }
  | { readonly kind: 'group'; readonly number: number; readonly body: Node }
  | { readonly kind: 'atomic'; readonly body: Node }
  | {
      readonly kind: 'look'
      readonly behind: boolean
      readonly negative: boolean
      readonly body: Node
    }
  | {
      readonly kind: 'repeat'
      readonly body: Node
      readonly min: number
      readonly max: number
      readonly greed: Greed
    }
  | { readonly kind: 'place'; readonly test: PlaceTest }
  | { readonly kind: 'reference'; readonly group: number; readonly ignoreCase: boolean }

/** Whether something holds between two chars: a line's start, a word's boundary. */
export type PlaceTest = (text: string, at: number) => boolean

/** A pattern taken apart. */
export interface Pattern {
  readonly root: Node
  /** How many groups catch. */
  readonly groups: number
  readonly names: ReadonlyMap<string, number>
}

/** A pattern that cannot be run; says what and where, from 0. */
export class PcreError extends Error {
  override readonly name = 'PcreError'
  readonly reason: string
  readonly at: number

  constructor(reason: string, at: number) {
    super(`${reason} at offset ${at}`)
    this.reason = reason
    this.at = at
  }
}
