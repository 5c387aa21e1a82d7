import { bytesOf, charsOf } from './latin1.ts'
import { percentEncoded } from './percent-encoded.ts'

/**
 * A query without the arguments of a name, both as bytes. Kong: the others are written anew, in
 * their order, each with its `=`.
 */
export function withoutArg(query: string, name: string): string {
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [, key = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(pair) ?? []
      return [unescapeUri(key), unescapeUri(value)] as const
    })
    .filter(([key]) => key !== name)
    .map(([key, value]) => `${formEscaped(key)}=${formEscaped(value)}`)
    .join('&')
}

/** The bytes that a percent-encoded text stands for; a plus is a space. */
export function unescapeUri(text: string): string {
  return charsOf(
    bytesOf(
      text
        .replaceAll('+', ' ')
        .replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
          String.fromCharCode(Number.parseInt(hex, 16)),
        ),
    ),
  )
}

/** The URL standard's form encoding, but for spaces, which Kong wants as `%20`. */
function formEscaped(text: string): string {
  return text.replace(/[^A-Za-z0-9*\-._]/g, percentEncoded)
}
