interface End {
  readonly id: string
  readonly at: number
}

/** When rows end, in ms; the soonest is found without looking at the others. */
export class Expiries {
  #moments = new Map<string, number>()
  /** A heap, the soonest first. Ends that no longer hold stay in it until their turn comes. */
  #heap: End[] = []

  /** Tells when a row ends; undefined when it does not. */
  set(id: string, at: number | undefined): void {
    if (at === undefined) {
      this.#moments.delete(id)
      return
    }
    if (this.#moments.get(id) === at) return
    this.#moments.set(id, at)
    this.#push({ id, at })
    if (this.#heap.length > 2 * this.#moments.size + 64) this.#rebuild()
  }

  /** The rows that have ended by now, once each; they are forgotten. */
  due(now: number): readonly string[] {
    const ids: string[] = []
    for (let end = this.#heap[0]; end !== undefined && end.at <= now; end = this.#heap[0]) {
      this.#pop()
      if (this.#moments.get(end.id) !== end.at) continue
      this.#moments.delete(end.id)
      ids.push(end.id)
    }
    return ids
  }

  copy(): Expiries {
    const copy = new Expiries()
    copy.#moments = new Map(this.#moments)
    copy.#heap = this.#heap.slice()
    return copy
  }

  #push(end: End): void {
    const heap = this.#heap
    let at = heap.push(end) - 1
    while (at > 0) {
      const above = (at - 1) >> 1
      if (this.#at(above) <= end.at) break
      this.#swap(at, above)
      at = above
    }
  }

  #pop(): void {
    const last = this.#heap.pop()
    if (last === undefined || this.#heap.length === 0) return
    this.#heap[0] = last
    for (let at = 0; ; ) {
      const left = 2 * at + 1
      const below = this.#at(left + 1) < this.#at(left) ? left + 1 : left
      if (this.#at(below) >= last.at) return
      this.#swap(at, below)
      at = below
    }
  }

  #at(place: number): number {
    return this.#heap[place]?.at ?? Number.POSITIVE_INFINITY
  }

  #swap(a: number, b: number): void {
    const [first, second] = [this.#heap[a], this.#heap[b]]
    if (first === undefined || second === undefined) return
    this.#heap[a] = second
    this.#heap[b] = first
  }

  /** A sorted list is a heap. */
  #rebuild(): void {
    this.#heap = Array.from(this.#moments, ([id, at]) => ({ id, at })).sort((a, b) => a.at - b.at)
  }
}
