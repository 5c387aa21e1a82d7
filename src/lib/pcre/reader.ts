import { PcreError } from './syntax.ts'

/** Letters that change how what follows is read. */
export interface Flags {
  readonly i: boolean
  readonly m: boolean
  readonly s: boolean
  readonly x: boolean
}

/** A pattern being read, and what was found of its groups. */
export interface Reader {
  readonly source: string
  at: number
  flags: Flags
  groups: number
  depth: number
  readonly names: Map<string, number>
  /** References seen before it is known which groups there are: a number or a name, and where. */
  readonly references: { readonly to: number | string; readonly at: number }[]
}

/** Starts to read. */
export function readerOf(source: string): Reader {
  const flags = { i: false, m: false, s: false, x: false }
  return { source, at: 0, flags, groups: 0, depth: 0, names: new Map(), references: [] }
}

/** The char that comes next; empty at the end. */
export function peek(reader: Reader): string {
  return reader.source[reader.at] ?? ''
}

/** Takes the text when it comes next. */
export function accept(reader: Reader, text: string): boolean {
  if (!reader.source.startsWith(text, reader.at)) return false
  reader.at += text.length
  return true
}

/** Takes what a sticky regex matches here; undefined when it does not. */
export function take(reader: Reader, regex: RegExp): readonly string[] | undefined {
  regex.lastIndex = reader.at
  const found = regex.exec(reader.source)
  if (found === null) return undefined
  reader.at = regex.lastIndex
  return [...found]
}

/** Ends the reading. */
export function fail(reader: Reader, reason: string, at = reader.at): never {
  throw new PcreError(reason, at)
}
