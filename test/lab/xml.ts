/** Why a text is not well-formed XML, as far as a drawing goes: no comments, no declarations. */
export function problemOfXml(xml: string): string | undefined {
  const open: string[] = []
  for (const [part] of xml.matchAll(/<[^>]*>?|[^<]+/g)) {
    const problem = part.startsWith('<') ? problemOfTag(part, open) : problemOfText(part)
    if (problem !== undefined) return problem
  }
  return open.length === 0 ? undefined : `${open.at(-1)} is open`
}

const TAG = /^<(\/?)([\w:-]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>$/

function problemOfTag(tag: string, open: string[]): string | undefined {
  const [, closing, name = '', attributes = '', empty] = TAG.exec(tag) ?? []
  if (name === '') return `no tag: ${tag}`
  if (closing === '/') return closed(open.pop(), name)
  const names = [...attributes.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, key = '']) => key)
  const twice = names.find((key, i) => names.indexOf(key) !== i)
  if (twice !== undefined) return `${twice} twice`
  if (empty === '') open.push(name)
  return problemOfText(attributes)
}

function problemOfText(text: string): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML has no place for them
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/.test(text))
    return 'a character that XML does not have'
  return /&(?!(?:amp|lt|gt|quot|apos|#\d+);)/.test(text) ? 'a bare & or <' : undefined
}

function closed(open: string | undefined, name: string): string | undefined {
  return open === name ? undefined : `</${name}> closes ${open}`
}
