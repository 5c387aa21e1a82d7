import type { EntityCheck, Rules } from '../schema/field.ts'

/** What a value must be like, for a reader; empty when anything of its type will do. */
export function ruleText(rules: Rules): string {
  return rulesOf(rules).join('; ')
}

function rulesOf(rules: Rules): string[] {
  const { between, gt, len_min: least, len_max: most, len_eq: exact, one_of: values } = rules
  const said: (string | false | undefined)[] = [
    values && `one of ${codes(values)}`,
    rules.not_one_of && `none of ${codes(rules.not_one_of)}`,
    rules.eq !== undefined && (rules.eq === null ? 'not allowed' : `only ${code(rules.eq)}`),
    between && `${between[0]} to ${between[1]}`,
    gt !== undefined && `more than ${gt}`,
    exact !== undefined && (exact === 0 ? 'empty' : `length ${exact}`),
    least !== undefined && least > 0 && `length at least ${least}`,
    most !== undefined && `length at most ${most}`,
    rules.uuid === true && 'a UUID',
    rules.is_regex === true && 'a regex',
    rules.starts_with !== undefined && `starts with ${code(rules.starts_with)}`,
    rules.contains !== undefined && `holds ${code(rules.contains)}`,
    rules.mutually_exclusive_subsets &&
      `of one group only: ${rules.mutually_exclusive_subsets.map(codes).join(' or ')}`,
    elementText(rules),
  ]
  return said.filter((text) => typeof text === 'string' && text !== '') as string[] // just asked
}

function elementText({ type, elements, values }: Rules): string | undefined {
  const each = type === 'map' ? values : elements
  if (each === undefined || each.fields !== undefined) return undefined
  const text = ruleText(each)
  return text === '' ? undefined : `each ${text}`
}

/** The kind of a value in a word or three: `set of strings`, `map of integers`. */
export function typeText({ type, elements, values }: Rules): string {
  if (type === 'array') return elements ? `list of ${many(elements)}` : 'list'
  if (type === 'set') return elements ? `set of ${many(elements)}` : 'set'
  if (type === 'map') return values ? `map of ${many(values)}` : 'map'
  if (type === 'foreign') return 'reference'
  return type ?? 'any'
}

function many(rules: Rules): string {
  const [first = '', ...rest] = typeText(rules).split(' ')
  return [`${first}s`, ...rest].join(' ')
}

/** A rule over several fields, as a sentence without its end; undefined where only code can say it. */
export function checkText(check: EntityCheck): string | undefined {
  if ('at_least_one_of' in check) return `At least one of ${codes(check.at_least_one_of)}`
  if ('only_one_of' in check) return `Exactly one of ${codes(check.only_one_of)}`
  if ('mutually_exclusive' in check) return `At most one of ${codes(check.mutually_exclusive)}`
  if ('mutually_required' in check) return `All or none of ${codes(check.mutually_required)}`
  if ('distinct' in check) return `Different values in ${codes(check.distinct)}`
  if ('conditional' in check) {
    const { if_field, if_match, then_field, then_match } = check.conditional
    return `When ${condition(if_field, if_match)}: ${condition(then_field, then_match)}`
  }
  if ('conditional_at_least_one_of' in check) {
    const { if_field, if_match, then_at_least_one_of } = check.conditional_at_least_one_of
    return `When ${condition(if_field, if_match)}: at least one of ${codes(then_at_least_one_of)}`
  }
  return undefined
}

function condition(field: string, rules: Rules): string {
  const only = rules.eq ?? /^\^([\w-]+)\$$/.exec(rules.match ?? '')?.[1]
  if (typeof only === 'string' || typeof only === 'boolean')
    return `${code(field)} is ${code(only)}`
  const said = rulesOf(rules)
  if (said.length > 0) return `${code(field)} is ${said.join('; ')}`
  if (rules.match !== undefined) return `${code(field)} fits ${code(rules.match)}`
  return `${code(field)} is ${rules.required === true ? 'set' : 'as it should be'}`
}

function codes(values: readonly unknown[]): string {
  return values.map(code).join(', ')
}

/** A value as Markdown code. */
export function code(value: unknown): string {
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``
}
