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
