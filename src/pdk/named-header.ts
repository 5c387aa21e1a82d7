import type { HeaderView, MutableHeaders } from './headers.ts'

/**
 * The first value of a header that a plugin is configured to look at. Kong: where there is none of
 * a name with `_`, that of the same name with `-` does.
 */
export function namedHeader(headers: HeaderView, name: string): string | undefined {
  const value = headers.get(name)
  return value === undefined && name.includes('_') ? headers.get(withHyphens(name)) : value
}

/** Every value of such a header. */
export function namedHeaders(headers: HeaderView, name: string): readonly string[] {
  const values = headers.all(name)
  return values.length === 0 && name.includes('_') ? headers.all(withHyphens(name)) : values
}

/** Takes such a header away, by either name. */
export function deleteNamedHeader(headers: MutableHeaders, name: string): void {
  headers.delete(name)
  if (name.includes('_')) headers.delete(withHyphens(name))
}

/** A header's name as nginx writes it in answers. */
export function withHyphens(name: string): string {
  return name.includes('_') ? name.replaceAll('_', '-') : name
}
