/** What an expression comes to. As in Lua all but undefined and false holds true, the empty text too. */
export type Value = string | number | boolean | undefined | Table

/** Something with members. */
export interface Table {
  get(key: string | number): Value
  /** How it stands in a text. */
  readonly text: string
}

/** Whether a condition holds. */
export function holds(value: Value): boolean {
  return value !== undefined && value !== false
}

/** How a value stands in a text: what is not there, or false, as nothing. */
export function textOf(value: Value): string {
  if (!holds(value) || value === undefined) return ''
  if (typeof value === 'number') return numberText(value)
  return typeof value === 'object' ? value.text : String(value)
}

/** Lua writes 14 digits. */
function numberText(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(14)))
}

/** Its type's name, in Lua's words. */
export function typeOf(value: Value): string {
  if (value === undefined) return 'nil'
  return typeof value === 'object' ? 'table' : typeof value
}

/** A member; undefined where there is none, or nothing that has any. */
export function memberOf(value: Value, key: Value): Value {
  if (typeof value !== 'object') return undefined
  return typeof key === 'string' || typeof key === 'number' ? value.get(key) : undefined
}
