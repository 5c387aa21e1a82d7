import { Overlay } from './overlay.ts'
import { SortedIds } from './sorted-ids.ts'

const NONE: readonly string[] = []

/** Sets of ids by key: the children of each parent, the rows with each tag. */
export class IdSets {
  readonly #sets: Overlay<SortedIds>

  constructor(sets = new Overlay<SortedIds>()) {
    this.#sets = sets
  }

  /** The ids of that key, ascending; good until the next change. */
  list(key: string): readonly string[] {
    return this.#sets.get(key)?.list ?? NONE
  }

  /** Adds an id that the key does not have; nothing without a key. */
  add(key: string | undefined, id: string): void {
    if (key !== undefined) this.#toChange(key).add(id)
  }

  /** Removes an id that the key has; nothing without a key. */
  delete(key: string | undefined, id: string): void {
    if (key === undefined || this.#sets.get(key) === undefined) return
    const ids = this.#toChange(key)
    ids.delete(id)
    if (ids.size === 0) this.#sets.delete(key)
  }

  /** One that changes apart, good while the original does not change. */
  copy(): IdSets {
    return new IdSets(this.#sets.copy())
  }

  /** One that nothing the original does can reach. */
  wholeCopy(): IdSets {
    return new IdSets(this.#sets.wholeCopy((ids) => ids.copy()))
  }

  #toChange(key: string): SortedIds {
    const known = this.#sets.get(key)
    if (known !== undefined && this.#sets.owns(key)) return known
    const ids = known?.copy() ?? new SortedIds()
    this.#sets.set(key, ids)
    return ids
  }
}
