/** Gives a setting's value by its name. */
export type TextOf = (name: string) => string

/** A number of at least 0, in the setting's own unit. */
export function numberOf(name: string, text: TextOf, errors: string[]): number {
  const value = text(name)
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value)
  errors.push(`${name}: "${value}" is not a number`)
  return 0
}

/** A number that is not 0. */
export function secondsOf(name: string, text: TextOf, errors: string[]): number {
  const seconds = numberOf(name, text, errors)
  if (seconds === 0) errors.push(`${name}: it cannot be 0`)
  return seconds
}

/** A whole number of at least 0. */
export function countOf(name: string, text: TextOf, errors: string[]): number {
  const value = text(name)
  if (/^\d{1,9}$/.test(value)) return Number(value)
  errors.push(`${name}: "${value}" is not a whole number`)
  return 0
}
