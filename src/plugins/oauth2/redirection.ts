import { toByteString } from '../../lib/byte-string.ts'

/** What is written behind a redirect URI. */
export type Answered = Readonly<Record<string, string | number | undefined>>

/** An application's URI with an answer in its query, or in its fragment; sorted by name as in Kong. */
export function redirectionTo(
  uri: string,
  answered: Answered,
  place: 'query' | 'fragment',
): string {
  const hash = uri.indexOf('#')
  const [whole, fragment] = hash < 0 ? [uri, ''] : [uri.slice(0, hash), uri.slice(hash + 1)]
  const question = whole.indexOf('?')
  const [base, query] =
    question < 0 ? [whole, ''] : [whole.slice(0, question), whole.slice(question + 1)]
  if (place === 'query') return `${base}?${merged(query, answered)}${behind('#', fragment)}`
  return `${base}${behind('?', query)}#${merged(fragment, answered)}`
}

function behind(mark: string, text: string): string {
  return text === '' ? '' : mark + text
}

function merged(own: string, answered: Answered): string {
  const kept = [...new URLSearchParams(own)].filter(([name]) => answered[name] === undefined)
  const told = Object.entries(answered).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, String(value)]],
  )
  return [...kept, ...told]
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => `${escaped(name)}=${escaped(value)}`)
    .join('&')
}

/** Kong escapes all but letters, digits and `_`, with small hexadecimal digits. */
function escaped(text: string): string {
  return toByteString(text).replace(
    /\W/g,
    (char) => `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )
}
