import { perObject } from '../lib/per-object.ts'
import { entriesOf, type Field, type Fields, getOwn, isObject, type Rules } from './field.ts'

type Members = Readonly<Record<string, unknown>>

/** Drops what sets hold twice, keeping the first. */
function settle(rules: Rules, value: unknown): unknown {
  if (Array.isArray(value)) return rules.type === 'set' ? withoutRepeats(value) : value
  if (rules.type === 'record' && rules.fields && isObject(value)) {
    return settleMembers(rules.fields, value)
  }
  return value
}

/** Up to so many are compared with one another sooner than they are counted. */
const FEW = 8

function withoutRepeats(list: readonly unknown[]): readonly unknown[] {
  if (list.length < FEW && list.every((element, i) => list.indexOf(element) === i)) return list
  // Kong: two records that say the same are two.
  const once = new Set(list)
  return once.size === list.length ? list : [...once]
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

/** The fields with sets in them. */
const settling = perObject((fields: Fields): readonly Settling[] =>
  entriesOf(fields).flatMap(([name, field]) => {
    const inside = field.fields !== undefined && settling(field.fields).length > 0
    if (field.type !== 'set' && !inside) return []
    const { default: plain = null } = field
    return [{ name, field, settled: settle(field, plain) === plain ? plain : null }]
  }),
)
