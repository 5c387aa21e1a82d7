import { entriesOf, type Field, type Fields, getOwn, isObject, type Rules } from './field.ts'

type Members = Readonly<Record<string, unknown>>

/** Drops what sets hold twice, keeping the first. Only for values that passed their checks. */
function settle(rules: Rules, value: unknown): unknown {
  if (Array.isArray(value)) return rules.type === 'set' ? withoutRepeats(value) : value
  if (rules.type === 'record' && rules.fields && isObject(value)) {
    return settleMembers(rules.fields, value)
  }
  return value
}

/** Up to so many are compared with one another sooner than they are counted. */
const FEW = 8

function isFirst(list: readonly unknown[], element: unknown, at: number): boolean {
  return typeof element !== 'object' && list.indexOf(element) === at
}

function withoutRepeats(list: readonly unknown[]): readonly unknown[] {
  if (list.length < FEW && list.every((element, i) => isFirst(list, element, i))) return list
  const seen = new Map<unknown, unknown>()
  for (const element of list) {
    const key = typeof element === 'object' ? JSON.stringify(element) : element
    if (!seen.has(key)) seen.set(key, element)
  }
  return seen.size === list.length ? list : [...seen.values()]
}

/** `settle` for each field of an entity or record; the very same object when nothing changes. */
export function settleMembers<V extends Members>(fields: Fields, value: V): V {
  let changed = value
  for (const { name, field, settled } of settling(fields)) {
    const before = getOwn(value, name)
    if (before === null || before === settled) continue
    const after = settle(field, before)
    if (after !== before) changed = { ...changed, [name]: after }
  }
  return changed
}

/** A field with sets in it. */
interface Settling {
  readonly name: string
  readonly field: Field
  /** Its default, where that is as it should be; null otherwise. */
  readonly settled: unknown
}

const unsettled = new WeakMap<Fields, readonly Settling[]>()

/** The fields with sets in them, looked for once. */
function settling(fields: Fields): readonly Settling[] {
  const known = unsettled.get(fields)
  if (known !== undefined) return known
  const list = entriesOf(fields).flatMap(([name, field]): Settling[] => {
    const inside = field.fields !== undefined && settling(field.fields).length > 0
    if (field.type !== 'set' && !inside) return []
    const { default: plain = null } = field
    return [{ name, field, settled: settle(field, plain) === plain ? plain : null }]
  })
  unsettled.set(fields, list)
  return list
}
