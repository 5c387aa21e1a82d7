/** The values of a query's first `most` arguments by name, decoded, one char per byte. */
export function queriesOf(
  query: string,
  most = Number.POSITIVE_INFINITY,
): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, string[]>()
  let left = most
  for (let from = query.startsWith('?') ? 1 : 0; from < query.length && left > 0; ) {
    const found = query.indexOf('&', from)
    const to = found === -1 ? query.length : found
    const part = query.slice(from, to)
    from = to + 1
    if (part === '') continue
    left--
    addTo(values, part)
  }
  return values
}

// A name without a value has the empty one; a value without a name has no place.
function addTo(values: Map<string, string[]>, part: string): void {
  const sign = part.indexOf('=')
  const name = decoded(sign === -1 ? part : part.slice(0, sign))
  if (name === '') return
  const value = sign === -1 ? '' : decoded(part.slice(sign + 1))
  const list = values.get(name)
  if (list === undefined) values.set(name, [value])
  else list.push(value)
}

function decoded(text: string): string {
  return text
    .replaceAll('+', ' ')
    .replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    )
}
