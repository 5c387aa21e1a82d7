/** Names of headers, each with what is said of it. */
export interface HeaderNames<Said> {
  /** What is said of a name, in any case; undefined for one that is not among them. */
  find(name: string): Said | undefined
}

/** Prepares names, given in lower case. Looking one up makes no text: most are told apart by their length. */
export function headerNames<Said>(
  said: Iterable<readonly [name: string, said: Said]>,
): HeaderNames<Said> {
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
        if (entry !== undefined && isSame(name, entry[0])) return entry[1]
      }
      return undefined
    },
  }
}

/** Whether two names are the same but for case; the second is in lower case already. */
export function isHeader(name: string, lower: string): boolean {
  return name.length === lower.length && isSame(name, lower)
}

function isSame(name: string, lower: string): boolean {
  for (let i = 0; i < lower.length; i++) {
    const char = name.charCodeAt(i)
    const wanted = lower.charCodeAt(i)
    if (char === wanted) continue
    if (char < 0x41 || char > 0x5a || char + 0x20 !== wanted) return false
  }
  return true
}
