import { type Field, fieldOf } from '../../lib/expression/fields.ts'
import { type Expression, ExpressionError, type Predicate } from '../../lib/expression/syntax.ts'
import { plainTextTest, testOf } from './compare.ts'
import type { ReadField, Test } from './subject.ts'

/** What an expression is compiled for. */
export interface CompileOptions<S> {
  readonly read: ReadField<S>
  /** Whether it is one of a stream route, which knows neither paths nor headers. */
  readonly stream: boolean
}

/** Compiles an expression; throws an ExpressionError for a field there is not. */
export function compileExpression<S>(expression: Expression, options: CompileOptions<S>): Test<S> {
  if (expression.kind === 'predicate') return compilePredicate(expression, options)
  if (expression.kind === 'not') {
    const body = compileExpression(expression.body, options)
    return (subject) => !body(subject)
  }
  const tests = expression.items.map((item) => compileExpression(item, options))
  return expression.kind === 'and' ? allOf(tests) : someOf(tests)
}

// Two are what most have; each list would be two more objects for a match to touch.
function allOf<S>(tests: readonly Test<S>[]): Test<S> {
  const [one, other] = tests
  if (tests.length === 2 && one !== undefined && other !== undefined) {
    return (subject, caught) => one(subject, caught) && other(subject, caught)
  }
  return (subject, caught) => {
    for (const test of tests) if (!test(subject, caught)) return false
    return true
  }
}

function someOf<S>(tests: readonly Test<S>[]): Test<S> {
  const [one, other] = tests
  if (tests.length === 2 && one !== undefined && other !== undefined) {
    return (subject, caught) => one(subject, caught) || other(subject, caught)
  }
  return (subject, caught) => {
    for (const test of tests) if (test(subject, caught)) return true
    return false
  }
}

/** Kong: what is missing fulfils no predicate, `!=` neither; of many values all must, or with any() one. */
function compilePredicate<S>(predicate: Predicate, { read, stream }: CompileOptions<S>): Test<S> {
  const field = knownField(predicate, stream)
  const values = read(field)
  const plain = plainTextTest(predicate, field, values)
  if (plain !== undefined) return plain
  const test = testOf(predicate, field)
  const { any } = predicate
  return (subject, caught) => {
    const given = values(subject)
    if (given === undefined) return false
    if (typeof given !== 'object') return test(given, caught)
    if (given.length === 0) return false
    return any ? given.some((value) => test(value)) : given.every((value) => test(value))
  }
}

function knownField({ field: name, at }: Predicate, stream: boolean): Field {
  const field = fieldOf(name, stream)
  if (field === undefined || field === 'illformed') {
    throw new ExpressionError('Unknown LHS field', at)
  }
  return field
}
