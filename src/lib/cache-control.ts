/** Directives by lower-case name; one without an argument is `true`. */
export type Directives = ReadonlyMap<string, string | true>

/** No directive at all. */
export const NO_DIRECTIVES: Directives = new Map()

const DIRECTIVE = /([^\s,;="]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,;"]*)))?/g

/** Reads the values of Cache-Control. RFC 9111, section 5.2: of a repeated one the first counts. */
export function directivesIn(values: readonly string[]): Directives {
  if (values.length === 0) return NO_DIRECTIVES
  const directives = new Map<string, string | true>()
  for (const [, name = '', quoted, plain] of values.join(',').matchAll(DIRECTIVE)) {
    const lower = name.toLowerCase()
    if (!directives.has(lower)) directives.set(lower, quoted ?? plain ?? true)
  }
  return directives
}

/** A directive's seconds; 0 for what is no number, undefined when it is absent. */
export function secondsIn(directives: Directives, name: string): number | undefined {
  const value = directives.get(name)
  if (value === undefined) return undefined
  // RFC 9111: what is no number makes an answer stale, and large ones are cut.
  return typeof value === 'string' && /^\d+$/.test(value) ? Math.min(Number(value), 2 ** 31) : 0
}

const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/

/** The time a header names, in ms since 1970; undefined for what is no date of HTTP. */
export function httpDate(text: string | undefined): number | undefined {
  if (text === undefined || !HTTP_DATE.test(text)) return undefined
  const time = Date.parse(text)
  return Number.isNaN(time) ? undefined : time
}
