/** Above this many changes between two reads, one sort is cheaper than single insertions. */
const FEW = 16

/** A set of ids that can be read in order; it is only put in order when someone reads. */
export class SortedIds {
  #sorted: string[]
  /** What came since the last read, true, and what went, false. */
  #changes: Map<string, boolean> | undefined
  #size: number

  /** A set of these ids, each of them once; the list becomes its own. */
  constructor(ids: string[] = []) {
    this.#sorted = ids.sort()
    this.#size = ids.length
  }

  /** Adds an id that is not in the set. */
  add(id: string): void {
    this.#size++
    this.#note(id, true)
  }

  /** Removes an id that is in the set. */
  delete(id: string): void {
    this.#size--
    this.#note(id, false)
  }

  get size(): number {
    return this.#size
  }

  /** The ids, ascending; good until the next change. */
  get list(): readonly string[] {
    const changes = this.#changes
    if (changes === undefined) return this.#sorted
    this.#changes = undefined
    if (changes.size > FEW) this.#rebuild(changes)
    else this.#patch(changes)
    return this.#sorted
  }

  copy(): SortedIds {
    const copy = new SortedIds()
    copy.#sorted = this.list.slice()
    copy.#size = this.#size
    return copy
  }

  #note(id: string, added: boolean): void {
    if (this.#changes === undefined && this.#sorted.length < FEW) {
      // Another list: somebody may be walking through this one.
      this.#sorted = this.#sorted.slice()
      this.#insertOrDelete(id, added)
      return
    }
    this.#changes ??= new Map()
    if (this.#changes.get(id) === !added) this.#changes.delete(id)
    else this.#changes.set(id, added)
  }

  #patch(changes: ReadonlyMap<string, boolean>): void {
    for (const [id, added] of changes) this.#insertOrDelete(id, added)
  }

  #insertOrDelete(id: string, added: boolean): void {
    const at = firstFrom(this.#sorted, id)
    if (added) this.#sorted.splice(at, 0, id)
    else this.#sorted.splice(at, 1)
  }

  #rebuild(changes: ReadonlyMap<string, boolean>): void {
    const kept = this.#sorted.filter((id) => changes.get(id) !== false)
    for (const [id, added] of changes) if (added) kept.push(id)
    this.#sorted = kept.sort()
  }
}

/** Where the first id is that is not before `id`. */
export function firstFrom(ids: readonly string[], id: string): number {
  let low = 0
  let high = ids.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ids[middle] ?? '') < id) low = middle + 1
    else high = middle
  }
  return low
}

/** Where the first id is that comes after `id`; 0 when none is given. */
export function firstAfter(ids: readonly string[], id: string | undefined): number {
  if (id === undefined) return 0
  const at = firstFrom(ids, id)
  return ids[at] === id ? at + 1 : at
}
