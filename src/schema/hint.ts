import { UNKNOWN } from './check-value.ts'
import type { ErrorTree, FieldErrors } from './error-tree.ts'
import { type Fields, isObject, type Rules } from './field.ts'

const FARTHEST = 2
/** Unknown names looked at in one answer, and their length: input of any size stays cheap. */
const MOST_NAMES = 10
const LONGEST_NAME = 64

/** Which field an unknown one was meant to be, for each that is near to one. */
export function hintOf(
  fields: Fields,
  errors: Readonly<FieldErrors>,
  others: readonly string[] = [],
): string | undefined {
  const unknown: Unknown[] = []
  collect([...Object.keys(fields), ...others], fields, errors, unknown)

  const meant = unknown.flatMap(({ name, known }) => {
    const near = nearest(name, known)
    return near === undefined ? [] : [{ name, near }]
  })
  const [first, second] = meant
  if (first === undefined) return undefined
  if (second === undefined) return `did you mean '${first.near}'`
  return `did you mean ${meant.map(({ name, near }) => `'${near}' for '${name}'`).join(', ')}`
}

interface Unknown {
  readonly name: string
  readonly known: readonly string[]
}

function collect(
  known: readonly string[],
  fields: Fields,
  errors: Readonly<FieldErrors>,
  unknown: Unknown[],
): void {
  for (const [name, error] of Object.entries(errors)) {
    if (unknown.length >= MOST_NAMES) return
    if (Object.hasOwn(fields, name)) collectIn(fields[name] ?? {}, error, unknown)
    else if (error === UNKNOWN && name.length <= LONGEST_NAME) unknown.push({ name, known })
  }
}

function collectIn(rules: Rules, error: ErrorTree | null, unknown: Unknown[]): void {
  if (typeof error === 'string' || error === null) return
  if (rules.fields !== undefined && isObject(error)) {
    const known = [...Object.keys(rules.fields), ...Object.keys(rules.shorthand_fields ?? {})]
    // An object of the tree is one of violations by name.
    collect(known, rules.fields, error as FieldErrors, unknown)
  } else if (Array.isArray(error)) {
    for (const element of error) collectIn(rules.elements ?? {}, element, unknown)
  } else if (rules.values !== undefined) {
    collectIn(rules.values, error, unknown)
  }
}

/** The known name that is only a slip or two away; undefined when none is. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  let best: string | undefined
  let least = FARTHEST + 1
  for (const candidate of known) {
    if (Math.abs(candidate.length - name.length) >= least) continue
    const steps = distance(name, candidate)
    // A short name is near to everything: most of it has to be right.
    if (steps >= least || steps * 2 > candidate.length) continue
    best = candidate
    least = steps
  }
  return best
}

/** Letters to add, drop, change or swap with their neighbour, to get from one name to the other. */
export function distance(from: string, to: string): number {
  let before: number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, i) => i)
  for (let i = 1; i <= from.length; i++) {
    const row = [i]
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1]
      const change = at(last, j - 1) + (same ? 0 : 1)
      const swapped = from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]
      const swap = swapped && i > 1 && j > 1 ? at(before, j - 2) + 1 : change
      row.push(Math.min(at(last, j) + 1, at(row, j - 1) + 1, change, swap))
    }
    before = last
    last = row
  }
  return at(last, to.length)
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY
}
