import type { Entity } from '../schema/entity.ts'
import { type FieldErrors, leavesOf } from '../schema/error-tree.ts'
import { type Entry, NONE, positionOf } from './entries.ts'
import { entryHint, topHint } from './hints.ts'
import type { LateError } from './report.ts'
import type { Violation } from './violation.ts'

interface Found {
  readonly entries: readonly Entry[]
  readonly entities: readonly Entity[]
  readonly errors: FieldErrors
  readonly late: readonly LateError[]
}

/** All that is wrong, each thing with its place in the document. */
export function listViolations({ entries, entities, errors, late }: Found): Violation[] {
  return [
    ...leavesOf(errors).map((leaf) => hinted(leaf, topHint(leaf, entities))),
    ...entries.flatMap((entry) => violationsOf(entry, entities)),
    ...late.map(({ entry, field, text, loggable = text }) => ({
      path: [...positionOf(entry), ...(field === undefined ? [] : [field])],
      text: loggable,
    })),
  ]
}

function violationsOf(entry: Entry, entities: readonly Entity[]): Violation[] {
  const { errors, whole } = entry
  if (errors === NONE && whole.length === 0) return []
  const position = positionOf(entry)
  return [
    ...whole.map((text) => ({ path: position, text })),
    ...leavesOf(errors).map((leaf) => ({
      ...hinted(leaf, entryHint(leaf, entry, entities)),
      path: [...position, ...leaf.path],
    })),
  ]
}

function hinted(violation: Violation, hint: string | undefined): Violation {
  return hint === undefined ? violation : { ...violation, hint }
}
