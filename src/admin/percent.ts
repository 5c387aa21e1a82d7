/** Decodes strictly, once: undefined for a broken escape or bytes that are no UTF-8. */
export function decodeSegment(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** Decodes a query or form part: `+` is a space and a broken escape stays as it is, as in nginx. */
export function decodeArgument(text: string): string | undefined {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  return spaced.includes('%') ? (decodeSegment(spaced) ?? decodeLeniently(spaced)) : spaced
}

function decodeLeniently(text: string): string | undefined {
  return decodeSegment(text.replace(/%(?![0-9a-fA-F]{2})/g, '%25'))
}
