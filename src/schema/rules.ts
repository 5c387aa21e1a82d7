import { checkPcreRegex } from '../lib/pcre/pcre-regex.ts'
import { isUuid } from '../lib/uuid.ts'
import { isObject, type PatternRule, type Rules } from './field.ts'
import { luaPattern } from './lua-pattern.ts'

/** Tells the first rule that a value breaks; its type is right already. */
export type FindBroken = (value: unknown) => string | undefined

/** The rules as they are asked, in Kong's order; those that are not there cost nothing. */
export function brokenBy(rules: Rules): FindBroken {
  const { err, check } = rules
  const asked = askedOf(rules)
  const last = rules.mutually_exclusive_subsets !== undefined
  return (value) => {
    for (let i = 0; i < asked.length; i++) {
      const broken = asked[i]?.(value)
      if (broken !== undefined) return err ?? broken
    }
    // A `check` takes the type its field has, which was held just before.
    const refused = check === undefined ? undefined : rules.check?.(value as never)
    return refused ?? (last ? exclusion(rules, value) : undefined)
  }
}

function askedOf(rules: Rules): readonly FindBroken[] {
  const asked: FindBroken[] = []
  const { eq, ne, one_of, not_one_of, gt, timestamp, uuid, is_regex, between } = rules
  const { type, len_eq, len_min, len_max, contains } = rules
  const isSet = (...words: unknown[]) => words.some((word) => word !== undefined)
  if (isSet(eq, ne)) asked.push((value) => equality(rules, value))
  if (isSet(one_of, not_one_of)) asked.push((value) => membership(rules, value))
  if (isSet(gt, timestamp)) asked.push((value) => amount(rules, value))
  if (isSet(uuid, is_regex, between)) asked.push((value) => shape(rules, value))
  if (type === 'string' || isSet(len_eq, len_min, len_max)) {
    asked.push((value) => length(rules, value))
  }
  asked.push(...wordings(rules))
  if (contains !== undefined) asked.push((value) => containing(rules, value))
  return asked
}

function equality({ eq, ne }: Rules, value: unknown): string | undefined {
  if (eq !== undefined && value !== eq) return `value must be ${eq}`
  return ne !== undefined && value === ne ? `value must not be ${ne}` : undefined
}

function membership({ one_of, not_one_of }: Rules, value: unknown): string | undefined {
  if (not_one_of !== undefined && isAmong(not_one_of, value)) {
    return `must not be one of: ${not_one_of.join(', ')}`
  }
  if (one_of !== undefined && !isAmong(one_of, value)) {
    return `expected one of: ${one_of.join(', ')}`
  }
  return undefined
}

function isAmong(list: readonly unknown[], value: unknown): boolean {
  return list.includes(value)
}

function amount({ gt, timestamp }: Rules, value: unknown): string | undefined {
  if (typeof value !== 'number') return undefined
  if (gt !== undefined && !(value > gt)) return `value must be greater than ${gt}`
  return timestamp === true && !(value > 0) ? 'expected a valid timestamp' : undefined
}

function shape({ uuid, is_regex, between }: Rules, value: unknown): string | undefined {
  if (uuid === true && !isUuid(String(value))) return 'expected a valid UUID'
  if (is_regex === true && !isRegex(String(value))) return `not a valid regex: ${value}`
  if (between === undefined || typeof value !== 'number') return undefined

  const [least, most] = between
  return value >= least && value <= most
    ? undefined
    : // Kong prints whole numbers, which cuts a least value of 0.001.
      `value should be between ${Math.trunc(least)} and ${Math.trunc(most)}`
}

/** Of PCRE's dialect, which is what runs it, on every runtime. */
function isRegex(source: string): boolean {
  return checkPcreRegex(source) === undefined
}

function length(rules: Rules, value: unknown): string | undefined {
  // Kong: a string must not be empty unless its field says so.
  const least = rules.len_min ?? (rules.type === 'string' ? 1 : undefined)
  if (rules.len_eq === undefined && rules.len_max === undefined) {
    if (least === undefined || (least <= 1 && typeof value === 'string' && value !== ''))
      return undefined
  }
  const size = sizeOf(value)
  if (size === undefined) return undefined
  if (rules.len_eq !== undefined && size !== rules.len_eq) return `length must be ${rules.len_eq}`
  if (least !== undefined && size < least) return `length must be at least ${least}`
  if (rules.len_max !== undefined && size > rules.len_max) {
    return `length must be at most ${rules.len_max}`
  }
  return undefined
}

function sizeOf(value: unknown): number | undefined {
  if (typeof value === 'string') return new TextEncoder().encode(value).length
  if (Array.isArray(value)) return value.length
  return isObject(value) ? Object.keys(value).length : undefined
}

/** The rules over the words of a text, patterns made ready; what is no text breaks none. */
function wordings(rules: Rules): FindBroken[] {
  const { starts_with, not_match, match_none, match, match_all, match_any } = rules
  const asked: ((value: string) => string | undefined)[] = []
  if (starts_with !== undefined) {
    const text = `should start with: ${starts_with}`
    asked.push((value) => (value.startsWith(starts_with) ? undefined : text))
  }
  if (not_match !== undefined) asked.push(unless({ pattern: not_match }, true))
  for (const rule of match_none ?? []) asked.push(unless(rule, true))
  if (match !== undefined) asked.push(unless({ pattern: match }, false))
  for (const rule of match_all ?? []) asked.push(unless(rule, false))
  if (match_any !== undefined) {
    const patterns = match_any.patterns.map(luaPattern)
    const { err } = match_any
    asked.push((value) =>
      patterns.some((pattern) => pattern.test(value)) ? undefined : (err ?? invalid(value)),
    )
  }
  return asked.map((ask) => (value) => (typeof value === 'string' ? ask(value) : undefined))
}

/** What is said of a text that a pattern matches, or does not. */
function unless({ pattern, err }: PatternRule, unwanted: boolean) {
  const { test } = luaPattern(pattern)
  return (value: string) => (test(value) === unwanted ? (err ?? invalid(value)) : undefined)
}

function invalid(value: string): string {
  return `invalid value: ${value}`
}

function containing({ contains }: Rules, value: unknown): string | undefined {
  if (contains === undefined) return undefined
  return Array.isArray(value) && value.includes(contains)
    ? undefined
    : `expected to contain: ${contains}`
}

function exclusion(rules: Rules, value: unknown): string | undefined {
  const { mutually_exclusive_subsets: subsets } = rules
  if (subsets === undefined || !Array.isArray(value)) return undefined

  const touched = subsets.filter((subset) => subset.some((item) => value.includes(item)))
  if (touched.length < 2) return undefined
  const listed = touched.map((subset) => `('${subset.join("', '")}')`).join(', ')
  return `these sets are mutually exclusive: ${listed}`
}
