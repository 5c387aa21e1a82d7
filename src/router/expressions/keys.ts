import { toByteString } from '../../lib/byte-string.ts'
import { fieldOf } from '../../lib/expression/fields.ts'
import type { Expression, Predicate } from '../../lib/expression/syntax.ts'
import { ANY_HOST, type Host } from '../host-index.ts'
import { searchRegex } from './compare.ts'

/** What must be so for an expression to hold: the host, what the path starts with. */
export interface Key {
  readonly host: Host
  readonly prefix: string
}

const ANYTHING: readonly Key[] = [{ host: ANY_HOST, prefix: '' }]
const MOST_KEYS = 64

/**
 * Keys of which at least one holds wherever the expression does. By them a route is found without
 * asking the others.
 */
export function keysOf(expression: Expression): readonly Key[] {
  if (expression.kind === 'predicate') return keysOfPredicate(expression)
  if (expression.kind === 'not') return ANYTHING

  const lists = expression.items.map(keysOf)
  if (expression.kind === 'and') return lists.reduce(both)
  const keys = lists.flat()
  return keys.length > MOST_KEYS || keys.some(isAnything) ? ANYTHING : keys
}

function isAnything({ host, prefix }: Key): boolean {
  return host.kind === 'any' && prefix === ''
}

/** Keys for two conditions that hold at once: each of the one with each of the other, unless many. */
function both(one: readonly Key[], other: readonly Key[]): readonly Key[] {
  if (one.length * other.length > MOST_KEYS) return worth(one) >= worth(other) ? one : other
  return one.flatMap((a) => other.map((b) => joined(a, b)))
}

function joined(a: Key, b: Key): Key {
  return {
    host: RANKS[a.host.kind] >= RANKS[b.host.kind] ? a.host : b.host,
    prefix: a.prefix.length >= b.prefix.length ? a.prefix : b.prefix,
  }
}

const RANKS: Readonly<Record<Host['kind'], number>> = { any: 0, prefix: 1, suffix: 2, exact: 3 }

function worth(keys: readonly Key[]): number {
  const worths = keys.map(({ host, prefix }) => RANKS[host.kind] * 8 + Math.min(prefix.length, 7))
  return Math.min(...worths)
}

function keysOfPredicate(predicate: Predicate): readonly Key[] {
  const { value, lower } = predicate
  if (lower || value.type !== 'string') return ANYTHING
  const field = fieldOf(predicate.field, false)
  if (field === undefined || field === 'illformed') return ANYTHING
  if (field.name === 'host') return keysOfHost(predicate, toByteString(value.text))
  if (field.name === 'path') return keysOfPath(predicate, value.text)
  if (field.name !== 'segments' || field.from !== 0) return ANYTHING
  return isBeginning(predicate)
    ? [{ host: ANY_HOST, prefix: `/${toByteString(value.text)}` }]
    : ANYTHING
}

function isBeginning({ operator }: Predicate): boolean {
  return operator === '==' || operator === '^='
}

/** Wildcards of the index stand beside a dot, for one char at least: the bare name is a key of its own. */
function keysOfHost({ operator }: Predicate, name: string): readonly Key[] {
  const exact: Key = { host: { kind: 'exact', name, port: 0 }, prefix: '' }
  if (operator === '==') return [exact]
  if (operator === '=^' && name.startsWith('.') && name.length > 1) {
    return [{ host: { kind: 'suffix', name, port: 0 }, prefix: '' }, exact]
  }
  if (operator === '^=' && name.endsWith('.') && name.length > 1) {
    return [{ host: { kind: 'prefix', name, port: 0 }, prefix: '' }, exact]
  }
  return ANYTHING
}

function keysOfPath(predicate: Predicate, text: string): readonly Key[] {
  if (isBeginning(predicate)) return [{ host: ANY_HOST, prefix: toByteString(text) }]
  if (predicate.operator !== '~') return ANYTHING
  return [{ host: ANY_HOST, prefix: searchRegex(text).literalPrefix }]
}
