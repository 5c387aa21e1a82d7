import type { Entity } from '../schema/entity.ts'
import {
  addEntityError,
  type ErrorTree,
  type FieldErrors,
  hasErrors,
  noErrors,
} from '../schema/error-tree.ts'
import type { Doubt } from './doubts.ts'
import { type Entry, noteErrors, positionOf } from './entries.ts'
import { flattenErrors } from './flatten.ts'
import { keyOf, toldId } from './identity.ts'
import { InvalidConfig } from './violation.ts'
import { listViolations } from './violations.ts'

/** What only shows when all entries are known: a reference into nothing, a name taken twice. */
export interface LateError {
  readonly entry: Entry
  readonly text: string
  /** The same without secrets, where it has one. */
  readonly loggable?: string
  /** The reference field it is about; the whole entry when absent. */
  readonly field?: string
  /** Whether Kong lists it by the entry's name instead of its place. */
  readonly keyed: boolean
}

interface Found {
  readonly entries: readonly Entry[]
  readonly entities: readonly Entity[]
  readonly errors: FieldErrors
  readonly late: readonly LateError[]
  readonly doubts: readonly Doubt[]
  readonly flatten: boolean
}

/** All that is wrong with a document as one refusal; undefined when nothing is. */
export function reportErrors(found: Found): InvalidConfig | undefined {
  const { entries, errors, late, flatten } = found
  const faulty = entries.some(({ whole, errors }) => whole.length > 0 || hasErrors(errors))
  if (!hasErrors(errors) && !faulty && late.length === 0) return undefined

  const violations = listViolations(found)
  const lateAlone = !faulty && !hasErrors(errors)
  // Kong lists these by name, but stops at errors by place, so never has both to tell.
  const byName = !flatten && lateAlone && late.every(({ keyed }) => keyed)
  if (byName) return new InvalidConfig({ fields: listByName(late), violations })

  for (const { entry, field, text } of late) {
    if (field === undefined) entry.whole = [...entry.whole, text]
    else if (entry.errors[field] === undefined) noteErrors(entry, { [field]: text })
  }
  if (!flatten) return new InvalidConfig({ fields: listByPlace(entries, errors), violations })
  // Kong derives ids only once nothing is wrong by place, and then into what it shows.
  const flattened = flattenErrors(entries, lateAlone ? toldId : undefined)
  return new InvalidConfig({ fields: errors, flattened, violations })
}

/** Kong: references are lists of texts under the entry's name, names taken twice bare texts. */
function listByName(late: readonly LateError[]): FieldErrors {
  const tables = new Map<string, FieldErrors>()
  for (const { entry, field, text } of late) {
    const table = tables.get(entry.entity.name) ?? noErrors()
    tables.set(entry.entity.name, table)
    const name = keyOf(entry) ?? entry.id
    const before = table[name]
    if (field === undefined) table[name] = text
    else table[name] = [...(Array.isArray(before) ? before : []), text]
  }
  return Object.fromEntries(tables)
}

/** A tree of the document's shape, with holes where nothing is wrong. */
function listByPlace(entries: readonly Entry[], errors: FieldErrors): FieldErrors {
  const root: Place = { errors, children: new Map() }
  for (const entry of entries) {
    if (entry.whole.length === 0 && !hasErrors(entry.errors)) continue
    let place = root
    for (const step of positionOf(entry)) {
      const known = place.children.get(step)
      const next: Place = known ?? { errors: noErrors(), children: new Map() }
      if (known === undefined) place.children.set(step, next)
      place = next
    }
    place.errors = entry.errors
    place.whole = entry.whole
  }
  return membersOf(root)
}

interface Place {
  errors: Readonly<FieldErrors>
  whole?: readonly string[]
  readonly children: Map<string | number, Place>
}

function membersOf(place: Place): FieldErrors {
  const members = Object.assign(noErrors(), place.errors)
  for (const text of place.whole ?? []) addEntityError(members, text)
  for (const [name, list] of place.children) members[name] = listOf(list)
  return members
}

function listOf({ children }: Place): ErrorTree {
  const list: (ErrorTree | null)[] = []
  for (const [at, place] of children) {
    while (list.length < Number(at)) list.push(null)
    const { whole = [], errors } = place
    const bare = !hasErrors(errors) && place.children.size === 0 && whole.length === 1
    list[Number(at)] = (bare && whole[0]) || membersOf(place)
  }
  return list
}
