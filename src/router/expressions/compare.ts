import { fromByteString, toByteString } from '../../lib/byte-string.ts'
import type { Field } from '../../lib/expression/fields.ts'
import type { Operator, Predicate } from '../../lib/expression/syntax.ts'
import { type IpRange, inRange } from '../../lib/ip.ts'
import { lazyRouteRegex, type RouteRegex } from '../../lib/regex.ts'
import type { Caught, Test, Values } from './subject.ts'

/** Whether one value of a field is as a predicate asks. */
export type ValueTest = (value: string | number, caught?: Caught) => boolean

/** Compiles a predicate's right side. */
export function testOf(predicate: Predicate, field: Field): ValueTest {
  const { value, operator } = predicate
  if (value.type === 'int') return numberTest(operator, value.number)
  if (value.type === 'ip') return addressTest(operator, value.range)
  if (operator === '~') return regexTest(value.text, { lower: predicate.lower, field })
  return textTest(predicate, value.text, field)
}

function numberTest(operator: Operator, wanted: number): ValueTest {
  switch (operator) {
    case '==':
      return (given) => given === wanted
    case '!=':
      return (given) => given !== wanted
    case '>':
      return (given) => Number(given) > wanted
    case '>=':
      return (given) => Number(given) >= wanted
    case '<':
      return (given) => Number(given) < wanted
    default:
      return (given) => Number(given) <= wanted
  }
}

function addressTest(operator: Operator, range: IpRange): ValueTest {
  const negative = operator === '!=' || operator === 'not in'
  return (given) => inRange(range, String(given)) !== negative
}

function textTest({ lower, operator }: Predicate, text: string, field: Field): ValueTest {
  const plain = PLAIN_TESTS[operator]
  if (plain === undefined) return () => false
  // As bytes, as the wire has them; only letter case is a matter of text.
  const wanted = toByteString(text)
  return (given, caught) => {
    if (!plain(lower ? lowered(String(given)) : String(given), wanted)) return false
    if (caught !== undefined && tellsPrefix(field, operator)) notePrefix(wanted, caught)
    return true
  }
}

/** The same for a field with one value at most, as one closure: by far the most are of this kind. */
export function plainTextTest<S>(
  { lower, operator, value }: Predicate,
  field: Field,
  read: (subject: S) => Values,
): Test<S> | undefined {
  const plain = PLAIN_TESTS[operator]
  if (plain === undefined || lower || value.type !== 'string') return undefined
  if (field.name === 'header' || field.name === 'query') return undefined
  const wanted = toByteString(value.text)
  const tells = tellsPrefix(field, operator)
  return (subject, caught) => {
    const given = read(subject)
    if (typeof given !== 'string' || !plain(given, wanted)) return false
    if (tells && caught !== undefined) notePrefix(wanted, caught)
    return true
  }
}

function tellsPrefix(field: Field, operator: Operator): boolean {
  return field.name === 'path' && (operator === '==' || operator === '^=')
}

function notePrefix(prefix: string, caught: Caught): void {
  caught.prefix = prefix
  caught.captures = undefined
}

type PlainTest = (given: string, wanted: string) => boolean

const PLAIN_TESTS: Readonly<Partial<Record<Operator, PlainTest>>> = {
  '==': (given, wanted) => given === wanted,
  '!=': (given, wanted) => given !== wanted,
  '^=': (given, wanted) => given.startsWith(wanted),
  '=^': (given, wanted) => given.endsWith(wanted),
  contains: (given, wanted) => given.includes(wanted),
}

function lowered(bytes: string): string {
  return toByteString(fromByteString(bytes).toLowerCase())
}

function regexTest(
  source: string,
  { lower, field }: { readonly lower: boolean; readonly field: Field },
): ValueTest {
  const regex = searchRegex(source)
  return (given, caught) => {
    const text = fromByteString(String(given))
    const asked = lower ? text.toLowerCase() : text
    if (!regex.test(asked)) return false
    if (caught !== undefined && field.name === 'path') note(regex, asked, caught)
    return true
  }
}

/** Regexes of expressions may match anywhere; one that says it begins at the start is run so. */
export function searchRegex(source: string): RouteRegex {
  const anchored = source.startsWith('^') && !source.includes('|')
  return lazyRouteRegex(anchored ? source.slice(1) : source, { anchored })
}

// What matched within the path, and not at its start, can be cut off by nobody.
function note(regex: RouteRegex, path: string, caught: Caught): void {
  const captures = regex.exec(path)
  const [matched = ''] = captures?.numbered ?? []
  caught.prefix = path.startsWith(matched) ? toByteString(matched) : undefined
  caught.captures = captures
}
