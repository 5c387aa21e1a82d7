import { type Lexer, skipSpace, takeIdent, takeLiteral, takeOperator, takeSign } from './lexer.ts'
import { type Expression, ExpressionError, type Predicate } from './syntax.ts'

const MOST_NESTED = 64

interface Parser extends Lexer {
  depth: number
}

/** Takes an expression apart; throws an ExpressionError. */
export function parseExpression(text: string): Expression {
  const parser: Parser = { text, at: 0, depth: 0 }
  const expression = parseAnd(parser)
  skipSpace(parser)
  if (parser.at < text.length) {
    throw new ExpressionError('expected && or || or the end', parser.at)
  }
  return expression
}

// Kong's grammar gives || the tighter bond of the two.
function parseAnd(parser: Parser): Expression {
  const items = [parseOr(parser)]
  while (takeSign(parser, '&&')) items.push(parseOr(parser))
  return joined('and', items)
}

function parseOr(parser: Parser): Expression {
  const items = [parseTerm(parser)]
  while (takeSign(parser, '||')) items.push(parseTerm(parser))
  return joined('or', items)
}

function joined(kind: 'and' | 'or', items: readonly Expression[]): Expression {
  const [only] = items
  return items.length === 1 && only !== undefined ? only : { kind, items }
}

function parseTerm(parser: Parser): Expression {
  const negated = takeSign(parser, '!')
  if (takeSign(parser, '(')) {
    if (++parser.depth > MOST_NESTED) {
      throw new ExpressionError('parentheses are too deeply nested', parser.at)
    }
    const body = parseAnd(parser)
    parser.depth--
    if (!takeSign(parser, ')')) throw new ExpressionError('expected && or || or )', parser.at)
    return negated ? { kind: 'not', body } : body
  }
  if (negated) throw new ExpressionError('expected ( after !', parser.at)
  return parsePredicate(parser)
}

function parsePredicate(parser: Parser): Predicate {
  skipSpace(parser)
  const { at } = parser
  const { field, lower, any } = parseLeft(parser)
  const operator = takeOperator(parser)
  skipSpace(parser)
  const value = takeLiteral(parser)
  return { kind: 'predicate', field, lower, any, operator, value, at }
}

type Left = Pick<Predicate, 'field' | 'lower' | 'any'>

function parseLeft(parser: Parser): Left {
  skipSpace(parser)
  const { at } = parser
  const name = takeIdent(parser)
  if (name === undefined) throw new ExpressionError('expected a field', at)
  if (!takeSign(parser, '(')) return { field: name, lower: false, any: false }

  if (name !== 'lower' && name !== 'any') {
    throw new ExpressionError(`unknown transformation function: ${name}`, at)
  }
  if (++parser.depth > MOST_NESTED) {
    throw new ExpressionError('parentheses are too deeply nested', parser.at)
  }
  const inner = parseLeft(parser)
  parser.depth--
  if (!takeSign(parser, ')')) throw new ExpressionError('expected )', parser.at)
  return { ...inner, [name]: true }
}
