import { isUuid } from '../lib/uuid.ts'
import { isObject, type PatternRule, type Rules } from './field.ts'
import { luaPattern } from './lua-pattern.ts'

/** The first rule, in Kong's order, that the value breaks, as text; its type is right already. */
export function firstBroken(rules: Rules, value: unknown): string | undefined {
  const broken =
    equality(rules, value) ??
    membership(rules, value) ??
    amount(rules, value) ??
    shape(rules, value) ??
    length(rules, value) ??
    (typeof value === 'string' ? wording(rules, value) : undefined) ??
    containing(rules, value)
  if (broken !== undefined) return rules.err ?? broken

  // A `check` takes the type its field has, which was held just before.
  return rules.check?.(value as never) ?? exclusion(rules, value)
}

function equality({ eq, ne }: Rules, value: unknown): string | undefined {
  if (eq !== undefined && value !== eq) return `value must be ${eq}`
  return ne !== undefined && value === ne ? `value must not be ${ne}` : undefined
}

function membership({ one_of, not_one_of }: Rules, value: unknown): string | undefined {
  if (not_one_of?.some((item) => item === value)) {
    return `must not be one of: ${not_one_of.join(', ')}`
  }
  if (one_of !== undefined && !one_of.some((item) => item === value)) {
    return `expected one of: ${one_of.join(', ')}`
  }
  return undefined
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
    : `value should be between ${least} and ${most}`
}

function isRegex(source: string): boolean {
  try {
    new RegExp(source)
    return true
  } catch {
    return false
  }
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

function wording(rules: Rules, value: string): string | undefined {
  const { starts_with, not_match, match_none, match, match_all, match_any } = rules
  const invalid = `invalid value: ${value}`
  if (starts_with !== undefined && !value.startsWith(starts_with)) {
    return `should start with: ${starts_with}`
  }
  if (not_match !== undefined && luaPattern(not_match).test(value)) return invalid

  const matching = (rule: PatternRule): boolean => luaPattern(rule.pattern).test(value)
  const unwanted = match_none?.find(matching)
  if (unwanted !== undefined) return unwanted.err ?? invalid
  if (match !== undefined && !luaPattern(match).test(value)) return invalid

  const missing = match_all?.find((rule) => !matching(rule))
  if (missing !== undefined) return missing.err ?? invalid
  if (match_any !== undefined && !match_any.patterns.some((p) => luaPattern(p).test(value))) {
    return match_any.err ?? invalid
  }
  return undefined
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
