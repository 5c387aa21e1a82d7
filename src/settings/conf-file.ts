/** What a kong.conf says, and the lines that say nothing. */
export interface ConfFile {
  readonly values: ReadonlyMap<string, string>
  readonly errors: readonly string[]
}

/** Reads `name = value` lines; `#` starts a comment unless it is escaped, as in kong.conf. */
export function parseConfFile(text: string): ConfFile {
  const values = new Map<string, string>()
  const errors: string[] = []
  text.split(/\r?\n/).forEach((line, index) => {
    const said = line
      .replace(/(^|[^\\])#.*$/, '$1')
      .replaceAll('\\#', '#')
      .trim()
    if (said === '') return
    const at = said.indexOf('=')
    if (at <= 0) errors.push(`line ${index + 1}: cannot read "${said}", write name = value`)
    else values.set(said.slice(0, at).trim().toLowerCase(), unquoted(said.slice(at + 1).trim()))
  })
  return { values, errors }
}

function unquoted(text: string): string {
  return /^(["']).*\1$/.test(text) ? text.slice(1, -1) : text
}
