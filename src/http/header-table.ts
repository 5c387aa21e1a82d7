import { isNamed } from '../lib/header-list.ts'

/** Names of headers, each with what is said of it. */
export interface HeaderTable<Said> {
  /** What is said of a name, in any case; undefined for one that is not among them. */
  find(name: string): Said | undefined
}

/** Prepares names, given in lower case. Looking one up makes no text: most are told apart by their length. */
export function headerTable<Said>(
  said: Iterable<readonly [name: string, said: Said]>,
): HeaderTable<Said> {
  const byLength: (readonly [name: string, said: Said])[][] = []
  for (const entry of said) {
    const { length } = entry[0]
    while (byLength.length <= length) byLength.push([])
    byLength[length]?.push(entry)
  }
  return {
    find(name) {
      // Beyond the longest there is none: reading there would slow down every reading.
      const entries = name.length < byLength.length ? byLength[name.length] : undefined
      if (entries === undefined) return undefined
      for (let i = 0; i < entries.length; i++) {
        const entry = entries[i]
        if (entry !== undefined && isNamed(name, entry[0])) return entry[1]
      }
      return undefined
    },
  }
}
