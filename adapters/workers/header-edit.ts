import { type HeaderList, isNamed } from '../../src/lib/header-list.ts'
import { textOf } from './byte-text.ts'

/** What the platform's headers are to say. */
export interface Wanted {
  readonly headers: HeaderList
  /** Tells the names that the platform writes by itself: they count for nothing. */
  readonly owns: (name: string) => boolean
}

/** What makes a copy of the platform's headers say what is wanted. */
export interface HeaderEdit {
  /** Names that go, with all they say. */
  readonly dropped: readonly string[]
  /** Where in the wanted list that which is to be added begins. */
  readonly from: number
}

/**
 * How a copy of what `given` was read from becomes what is wanted; undefined where nothing would stay,
 * or a name lose one of several values. The wanted list should begin with what stays, as that of a
 * message which is passed on does: what stands behind is all added anew.
 */
export function headerEdit(given: HeaderList, { headers, owns }: Wanted): HeaderEdit | undefined {
  const dropped: string[] = []
  let kept = 0
  let from = 0
  for (let i = 0; i < given.length; i += 2) {
    // The loops keep i and from below the lists' even lengths.
    const name = given[i] as string
    while (from < headers.length && owns(headers[from] as string)) from += 2
    if (!owns(name) && headers[from] === name && headers[from + 1] === given[i + 1]) {
      kept++
      from += 2
    } else dropped.push(name)
  }
  const torn = (name: string): boolean => !owns(name) && isAmong(headers, from, name)
  return kept === 0 || dropped.some(torn) ? undefined : { dropped, from }
}

function isAmong(list: HeaderList, end: number, name: string): boolean {
  const lower = name.toLowerCase()
  for (let i = 0; i < end; i += 2) {
    // As above.
    if (isNamed(list[i] as string, lower)) return true
  }
  return false
}

/** Edits a copy: what stays keeps its case, and bytes that our code does not get to see. */
export function editHeaders(copy: Headers, wanted: Wanted, { dropped, from }: HeaderEdit): void {
  for (const name of dropped) copy.delete(name)
  appendHeaders(copy, wanted, from)
}

/** Adds what is wanted, from there on. */
export function appendHeaders(to: Headers, { headers, owns }: Wanted, from = 0): void {
  for (let i = from; i < headers.length; i += 2) {
    // As above.
    const name = headers[i] as string
    if (!owns(name)) to.append(name, textOf(headers[i + 1] as string))
  }
}
