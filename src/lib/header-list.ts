/**
 * Headers as one flat list, `[name, value, name, value, …]`, in the order and case they came in.
 * Every string holds one char per byte (latin1), as the wire does.
 */
export type HeaderList = string[]

/** The first value of a header, its name given in lower case; undefined when absent. */
export function headerOf(headers: readonly string[], name: string): string | undefined {
  for (let i = 0; i < headers.length; i += 2) {
    if (isNamed(headers[i] as string, name)) return headers[i + 1]
  }
  return undefined
}

/** Every value of a header, in order, its name given in lower case. */
export function headersOf(headers: readonly string[], name: string): string[] {
  const values: string[] = []
  for (let i = 0; i < headers.length; i += 2) {
    if (isNamed(headers[i] as string, name)) values.push(headers[i + 1] as string)
  }
  return values
}

/** Whether two names are the same but for case; the second is in lower case already. No copy is made. */
export function isNamed(name: string, lower: string): boolean {
  if (name.length !== lower.length) return false
  for (let i = 0; i < lower.length; i++) {
    const char = name.charCodeAt(i)
    const wanted = lower.charCodeAt(i)
    if (char === wanted) continue
    if (char < 0x41 || char > 0x5a || char + 0x20 !== wanted) return false
  }
  return true
}
