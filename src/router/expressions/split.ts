import { toByteString } from '../../lib/byte-string.ts'
import type { Expression, Predicate } from '../../lib/expression/syntax.ts'
import type { Host } from '../host-index.ts'

/** An expression without what needs no asking once a route was found by its host and path. */
export interface Split {
  /** What the path must start with; it is also what was matched of it. */
  readonly prefix: string | undefined
  /** What is still to be asked. */
  readonly rest: Expression | undefined
}

/** Splits off what all of the expression depends on: the host it is found by, the start of the path. */
export function splitOff(expression: Expression, host: Host): Split {
  const items = expression.kind === 'and' ? expression.items : [expression]
  // Of several words on the path the last one that holds tells what was matched: then all are asked.
  const onPath = pathPredicates(expression) === 1 ? items.find(isPathPrefix) : undefined
  const rest = items.filter((item) => item !== onPath && !isHost(item, host))
  return {
    prefix: onPath?.value.type === 'string' ? toByteString(onPath.value.text) : undefined,
    rest: rest.length === items.length ? expression : joined(rest),
  }
}

function joined(items: readonly Expression[]): Expression | undefined {
  return items.length > 1 ? { kind: 'and', items } : items[0]
}

function pathPredicates(expression: Expression): number {
  if (expression.kind === 'predicate') return expression.field === 'http.path' ? 1 : 0
  if (expression.kind === 'not') return pathPredicates(expression.body)
  return expression.items.reduce((sum, item) => sum + pathPredicates(item), 0)
}

function isPathPrefix(item: Expression): item is Predicate {
  if (item.kind !== 'predicate' || item.lower) return false
  return item.field === 'http.path' && item.operator === '^=' && item.value.type === 'string'
}

function isHost(item: Expression, { kind, name }: Host): boolean {
  if (kind !== 'exact' || item.kind !== 'predicate' || item.lower) return false
  const { field, operator, value } = item
  if (field !== 'http.host' || operator !== '==' || value.type !== 'string') return false
  return toByteString(value.text) === name
}
