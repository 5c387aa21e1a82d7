import { checkRouteRegex } from '../route-regex.ts'
import { type Field, fieldOf, isStream } from './fields.ts'
import { parseExpression } from './parser.ts'
import { type Expression, ExpressionError, type Predicate } from './syntax.ts'

/** Why an expression is refused for a route of these protocols, and where; undefined when it is good. */
export function checkExpression(text: string, protocols: readonly string[]): string | undefined {
  try {
    checkTypes(parseExpression(text), isStream(protocols))
    return undefined
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    return `${error.message} at ${placeOf(text, error.at)}`
  }
}

/** Line and column, from 1. */
function placeOf(text: string, at: number): string {
  const lines = text.slice(0, at).split('\n')
  return `${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`
}

/** Whether each predicate compares a field that there is with something of its type; else throws. */
function checkTypes(expression: Expression, stream: boolean): void {
  if (expression.kind === 'predicate') {
    const reason = wrongIn(expression, stream)
    if (reason !== undefined) throw new ExpressionError(reason, expression.at)
  } else if (expression.kind === 'not') checkTypes(expression.body, stream)
  else for (const item of expression.items) checkTypes(item, stream)
}

// The texts are Kong's.
function wrongIn(predicate: Predicate, stream: boolean): string | undefined {
  const { operator, value } = predicate
  const field = fieldOf(predicate.field, stream)
  if (field === undefined) return 'Unknown LHS field'
  if (field === 'illformed') return 'illformed http.path.segments.* field'
  if (operator === '~') return wrongRegex(predicate, field)

  const isMembership = operator === 'in' || operator === 'not in'
  if (!isMembership && (field.type !== value.type || isRange(predicate))) {
    return 'Type mismatch between the LHS and RHS values of predicate'
  }
  if (predicate.lower && field.type !== 'string') {
    return 'lower-case transformation function only supported with String type fields'
  }
  if (isMembership) {
    if (field.type === 'ip' && isRange(predicate)) return undefined
    return 'In/NotIn operators only supports IP in CIDR'
  }
  return wrongOperands(predicate)
}

function isRange({ value }: Predicate): boolean {
  return value.type === 'ip' && value.cidr
}

function wrongRegex({ value, lower }: Predicate, field: Field): string | undefined {
  if (value.type !== 'string') return 'regex operator can only be used with String operands'
  if (lower && field.type !== 'string') {
    return 'lower-case transformation function only supported with String type fields'
  }
  if (field.type !== 'string') return 'Regex operators only supports string operands'
  const reason = checkRouteRegex(value.text)
  return reason === undefined ? undefined : `invalid regex '${value.text}': ${reason}`
}

function wrongOperands({ operator, value }: Predicate): string | undefined {
  if (operator === '^=' || operator === '=^') {
    return value.type === 'string'
      ? undefined
      : 'Regex/Prefix/Postfix operators only supports string operands'
  }
  if (operator === 'contains') {
    return value.type === 'string' ? undefined : 'Contains operator only supports string operands'
  }
  if (operator === '==' || operator === '!=' || value.type === 'int') return undefined
  return 'Greater/GreaterOrEqual/Less/LessOrEqual operators only supports integer operands'
}
