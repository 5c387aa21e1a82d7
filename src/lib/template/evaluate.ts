import { TemplateFault } from './tokens.ts'
import { holds, memberOf, type Table, textOf, typeOf, type Value } from './value.ts'

/** An expression, prepared. */
export type Evaluate = (scope: Table) => Value

/** The same always. */
export function constant(value: Value): Evaluate {
  return () => value
}

/** The left where it holds, else the right. */
export function or(left: Evaluate, right: Evaluate): Evaluate {
  return (scope) => {
    const value = left(scope)
    return holds(value) ? value : right(scope)
  }
}

/** The right where the left holds, else the left. */
export function and(left: Evaluate, right: Evaluate): Evaluate {
  return (scope) => {
    const value = left(scope)
    return holds(value) ? right(scope) : value
  }
}

/** Whether it does not hold. */
export function not(inner: Evaluate): Evaluate {
  return (scope) => !holds(inner(scope))
}

/** One text behind the other. */
export function join(left: Evaluate, right: Evaluate): Evaluate {
  return (scope) => textOf(left(scope)) + textOf(right(scope))
}

/** A member of something. */
export function member(of: Evaluate, key: Evaluate): Evaluate {
  return (scope) => memberOf(of(scope), key(scope))
}

/** The name of a type. */
export function typeName(inner: Evaluate): Evaluate {
  return (scope) => typeOf(inner(scope))
}

/** The signs that compare. */
export const COMPARISONS = ['==', '~=', '<', '<=', '>', '>='] as const

/** Two of a kind are compared; in Lua the order of any others is an error, here it never holds. */
export function compare(left: Evaluate, sign: string, right: Evaluate): Evaluate {
  if (sign === '==') return (scope) => left(scope) === right(scope)
  if (sign === '~=') return (scope) => left(scope) !== right(scope)
  return (scope) => {
    const [a, b] = [left(scope), right(scope)]
    if (typeof a === 'number' && typeof b === 'number') return inOrder(a, sign, b)
    return typeof a === 'string' && typeof b === 'string' && inOrder(a, sign, b)
  }
}

function inOrder<T extends string | number>(a: T, sign: string, b: T): boolean {
  if (sign === '<') return a < b
  if (sign === '<=') return a <= b
  return sign === '>' ? a > b : a >= b
}

/** The signs that reckon, from those that bind least. */
export const SUMS = ['+', '-'] as const
export const PRODUCTS = ['*', '/', '%'] as const

const RECKONED: ReadonlyMap<string, (a: number, b: number) => number> = new Map([
  ['+', (a, b) => a + b],
  ['-', (a, b) => a - b],
  ['*', (a, b) => a * b],
  ['/', (a, b) => a / b],
  ['%', (a, b) => a - Math.floor(a / b) * b],
  ['^', (a, b) => a ** b],
])

/** What two numbers come to; a text that is a number counts as one. */
export function reckon(left: Evaluate, sign: string, right: Evaluate): Evaluate {
  const act = RECKONED.get(sign) ?? (() => Number.NaN)
  return (scope) => act(numberOf(left(scope)), numberOf(right(scope)))
}

/** The number below nought. */
export function negative(inner: Evaluate): Evaluate {
  return (scope) => -numberOf(inner(scope))
}

/** How many bytes a text has. */
export function length(inner: Evaluate): Evaluate {
  return (scope) => {
    const value = inner(scope)
    if (typeof value !== 'string') throw new TemplateFault(`no length of a ${typeOf(value)} value`)
    return encoder.encode(value).length
  }
}

/** Fails, once it comes to that; earlier where something in it fails. */
export function failing(message: string, inner?: Evaluate): Evaluate {
  return (scope) => {
    inner?.(scope)
    throw new TemplateFault(message)
  }
}

const encoder = new TextEncoder()

const NUMBER = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i

function numberOf(value: Value): number {
  if (typeof value === 'number') return value
  if (typeof value === 'string' && NUMBER.test(value)) return Number(value)
  throw new TemplateFault(`attempt to perform arithmetic on a ${typeOf(value)} value`)
}
