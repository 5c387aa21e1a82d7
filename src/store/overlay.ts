/** A map of texts to values, none of them undefined. A copy costs nothing until it is written to. */
export class Overlay<V> {
  #below: Overlay<V> | undefined
  /** In a copy, undefined marks what is gone. */
  #own = new Map<string, V | undefined>()

  get(key: string): V | undefined {
    const value = this.#own.get(key)
    if (value !== undefined || this.#below === undefined || this.#own.has(key)) return value
    return this.#below.get(key)
  }

  set(key: string, value: V): void {
    this.#own.set(key, value)
  }

  delete(key: string): void {
    if (this.#below === undefined) this.#own.delete(key)
    else this.#own.set(key, undefined)
  }

  /** Whether the value was set here, and is not the original's. */
  owns(key: string): boolean {
    return this.#own.get(key) !== undefined
  }

  /** All there is, in the order it came as far as there is one. */
  *entries(): Iterable<readonly [string, V]> {
    for (const entry of this.#below?.entries() ?? []) if (!this.#own.has(entry[0])) yield entry
    for (const [key, value] of this.#own) if (value !== undefined) yield [key, value]
  }

  /** One that changes apart, good while the original does not change. */
  copy(): Overlay<V> {
    const copy = new Overlay<V>()
    copy.#below = this
    return copy
  }

  /** One that nothing the original does can reach; `part` copies a value. */
  wholeCopy(part: (value: V) => V = (value) => value): Overlay<V> {
    const copy = this.#below?.wholeCopy(part) ?? new Overlay<V>()
    for (const [key, value] of this.#own) {
      if (value === undefined) copy.delete(key)
      else copy.set(key, part(value))
    }
    return copy
  }
}
