/** What stands in an element: other elements, written already. */
export type Svg = string & { readonly svg: unique symbol }

type Attributes = Readonly<Record<string, string | number>>

/** An element with its attributes, and what is in it. */
export function element(name: string, attributes: Attributes, inside: readonly Svg[] = []): Svg {
  const written = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${typeof value === 'number' ? round(value) : escaped(value)}"`,
  )
  const head = `<${name}${written.join('')}`
  return markup(inside.length === 0 ? `${head}/>` : `${head}>${inside.join('')}</${name}>`)
}

/** Text, whatever is in it. */
export function text(content: string): Svg {
  return markup(escaped(content))
}

/** A line of text at a place. */
export function label(content: string, attributes: Attributes): Svg {
  return element('text', attributes, [text(content)])
}

/** To a tenth: no screen shows more. */
export function round(value: number): string {
  return String(Math.round(value * 10) / 10)
}

/** XML has no place for most control characters, not even escaped. */
function escaped(content: string): string {
  return content
    .replace(/[^\t\n\x20-\ud7ff\ue000-\ufffd]/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

function markup(content: string): Svg {
  // The only place where text becomes markup: everything in it was escaped.
  return content as Svg
}
