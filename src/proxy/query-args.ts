/** An argument, decoded; one without `=` is `true`. */
export type QueryArg = readonly [name: string, value: string | true]

/** Reads the first `most` of a query without its `?`, as nginx decodes it: `+` is a space, a broken escape stays. */
export function decodedArgs(query: string, most: number): readonly QueryArg[] {
  const args: QueryArg[] = []
  if (query === '') return args
  for (const pair of query.split('&', most)) {
    const equals = pair.indexOf('=')
    const name = decoded(equals < 0 ? pair : pair.slice(0, equals))
    if (name !== '') args.push([name, equals < 0 ? true : decoded(pair.slice(equals + 1))])
  }
  return args
}

/** Percent-encoded bytes are read as UTF-8 where they are, else each as one char. */
function decoded(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  if (!spaced.includes('%')) return spaced
  try {
    return decodeURIComponent(spaced)
  } catch {
    return spaced.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    )
  }
}
