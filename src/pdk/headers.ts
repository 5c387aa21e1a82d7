import { type HeaderList, headerOf, headersOf } from '../lib/header-list.ts'

/** Headers that may be read; names in any case. */
export interface HeaderView {
  /** The first value; undefined when absent. */
  get(name: string): string | undefined
  /** Every value, in order. */
  all(name: string): readonly string[]
  has(name: string): boolean
  /** `[name, value, …]` as they stand. Not to be changed. */
  readonly list: readonly string[]
}

/** Headers that may be changed, which shows at once. */
export interface MutableHeaders extends HeaderView {
  /** Replaces every value by one, or by several of the same name. */
  set(name: string, value: string | readonly string[]): void
  add(name: string, value: string): void
  delete(name: string): void
  /** Deletes all of these lower-case names and adds pairs, in one go. */
  swap(names: ReadonlySet<string>, pairs: readonly string[]): void
}

/** Reads a list. */
export function headersIn(list: readonly string[]): HeaderView {
  return new ReadHeaders(list)
}

/** Reads and changes a list in place. `writable` says which lower-case names may be; all unless said. */
export function mutableHeaders(
  list: HeaderList,
  writable?: (name: string) => boolean,
): MutableHeaders {
  return writable === undefined ? new ListHeaders(list) : new PartlyWritable(list, writable)
}

class ReadHeaders implements HeaderView {
  readonly list: readonly string[]

  constructor(list: readonly string[]) {
    this.list = list
  }

  get(name: string): string | undefined {
    return headerOf(this.list, name.toLowerCase())
  }

  all(name: string): readonly string[] {
    return headersOf(this.list, name.toLowerCase())
  }

  has(name: string): boolean {
    return this.get(name) !== undefined
  }
}

/** A list's headers. A class, for there are some of these in each request with a plugin. */
export class ListHeaders extends ReadHeaders implements MutableHeaders {
  override readonly list: HeaderList

  constructor(list: HeaderList) {
    super(list)
    this.list = list
  }

  /** Whether a lower-case name is a plugin's to write. */
  protected isWritable(_name: string): boolean {
    return true
  }

  set(name: string, value: string | readonly string[]): void {
    const lower = name.toLowerCase()
    if (!this.isWritable(lower)) return
    remove(this.list, lower)
    if (typeof value === 'string') this.list.push(name, clean(value))
    else for (const one of value) this.list.push(name, clean(one))
  }

  add(name: string, value: string): void {
    if (this.isWritable(name.toLowerCase())) this.list.push(name, clean(value))
  }

  delete(name: string): void {
    const lower = name.toLowerCase()
    if (this.isWritable(lower)) remove(this.list, lower)
  }

  swap(names: ReadonlySet<string>, pairs: readonly string[]): void {
    const { list } = this
    let kept = 0
    for (let i = 0; i < list.length; i += 2) {
      // The loop keeps i and i + 1 below the list's even length.
      const name = list[i] as string
      if (names.has(name.toLowerCase())) continue
      list[kept++] = name
      list[kept++] = list[i + 1] as string
    }
    list.length = kept
    for (let i = 0; i < pairs.length; i += 2) this.add(pairs[i] as string, pairs[i + 1] as string)
  }
}

class PartlyWritable extends ListHeaders {
  readonly #writable: (name: string) => boolean

  constructor(list: HeaderList, writable: (name: string) => boolean) {
    super(list)
    this.#writable = writable
  }

  protected override isWritable(name: string): boolean {
    return this.#writable(name)
  }
}

function remove(list: HeaderList, lower: string): void {
  for (let i = list.length - 2; i >= 0; i -= 2) {
    // The loop keeps i below the list's even length.
    const name = list[i] as string
    if (name.length === lower.length && name.toLowerCase() === lower) list.splice(i, 2)
  }
}

/**
 * A value as the wire has it: one char a byte, a text of more as UTF-8. None can end its line: a
 * header made of what a client sent would else make others.
 */
export function clean(value: string): string {
  for (let i = 0; i < value.length; i++) {
    const char = value.charCodeAt(i)
    if (char > 0xff || char === 0x7f || (char < 0x20 && char !== 0x09)) return cleaned(value)
  }
  return value
}

function cleaned(value: string): string {
  const spaced = value.replace(CONTROL, ' ')
  for (let i = 0; i < spaced.length; i++) {
    if (spaced.charCodeAt(i) > 0xff) return String.fromCharCode(...new TextEncoder().encode(spaced))
  }
  return spaced
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\x00-\x08\x0a-\x1f\x7f]/g
