import type { Entity } from '../schema/entity.ts'
import { type FieldErrors, leavesOf } from '../schema/error-tree.ts'
import { type Doubt, isLost, lostText, NO_KEY } from './doubts.ts'
import { type Entry, NONE, positionOf } from './entries.ts'
import { entryHint, topHint } from './hints.ts'
import type { LateError } from './report.ts'
import type { Violation } from './violation.ts'

interface Found {
  readonly entries: readonly Entry[]
  readonly entities: readonly Entity[]
  readonly errors: FieldErrors
  readonly late: readonly LateError[]
  readonly doubts: readonly Doubt[]
}

/** All that is wrong, each thing with its place in the document. */
export function listViolations(found: Found): Violation[] {
  const { entries, entities, errors, late, doubts } = found
  const lost = lostOf(doubts)
  return [
    ...leavesOf(errors).map((leaf) => hinted(leaf, topHint(leaf, entities))),
    ...entries.flatMap((entry) => violationsOf(entry, entities, lost)),
    ...late.map(({ entry, field, text, loggable = text }) => ({
      path: [...positionOf(entry), ...(field === undefined ? [] : [field])],
      text: loggable,
    })),
  ]
}

/** By entry and field, which reference leads nowhere. */
type Lost = ReadonlyMap<Entry, ReadonlyMap<unknown, Doubt>>

function lostOf(doubts: readonly Doubt[]): Lost {
  const lost = new Map<Entry, Map<unknown, Doubt>>()
  for (const doubt of doubts.filter(isLost)) {
    const ofEntry = lost.get(doubt.entry) ?? new Map<unknown, Doubt>()
    lost.set(doubt.entry, ofEntry.set(doubt.field, doubt))
  }
  return lost
}

function violationsOf(entry: Entry, entities: readonly Entity[], lost: Lost): Violation[] {
  const { errors, whole } = entry
  if (errors === NONE && whole.length === 0) return []
  const position = positionOf(entry)
  return [
    ...whole.map((text) => ({ path: position, text })),
    ...leavesOf(errors).map((leaf) => {
      const [field = ''] = leaf.path
      const doubt = lost.get(entry)?.get(field)
      // Kong's words for it name neither the reference nor its table.
      if (doubt !== undefined && leaf.text === NO_KEY) {
        return { path: [...position, field], text: lostText(doubt) }
      }
      return {
        ...hinted(leaf, entryHint(leaf, entry, entities)),
        path: [...position, ...leaf.path],
      }
    }),
  ]
}

function hinted(violation: Violation, hint: string | undefined): Violation {
  return hint === undefined ? violation : { ...violation, hint }
}
