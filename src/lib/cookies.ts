/** The value of the first cookie of that name in some `Cookie` headers; names count case only if asked to. */
export function cookieOf(
  headers: readonly string[],
  name: string,
  { anyCase = false }: { readonly anyCase?: boolean } = {},
): string | undefined {
  const wanted = anyCase ? name.toLowerCase() : name
  for (const header of headers) {
    for (const pair of header.split(';')) {
      const equals = pair.indexOf('=')
      if (equals < 0) continue
      const found = pair.slice(0, equals).trim()
      if ((anyCase ? found.toLowerCase() : found) === wanted) return pair.slice(equals + 1).trim()
    }
  }
  return undefined
}
