import type { Entity } from '../schema/entity.ts'
import type { ErrorTree, FieldErrors } from '../schema/error-tree.ts'
import type { Entry } from './entries.ts'
import { entryHint, topHint } from './hints.ts'
import type { LateError } from './report.ts'
import type { DocumentPath, Violation } from './violation.ts'

interface Found {
  readonly entries: readonly Entry[]
  readonly entities: readonly Entity[]
  readonly errors: FieldErrors
  readonly late: readonly LateError[]
}

/** All that is wrong, each thing with its place in the document. */
export function listViolations({ entries, entities, errors, late }: Found): Violation[] {
  return [
    ...leavesOf(errors, []).map((leaf) => hinted(leaf, topHint(leaf, entities))),
    ...entries.flatMap((entry) => violationsOf(entry, entities)),
    ...late.map(({ entry: { position }, field, text, loggable = text }) => ({
      path: field === undefined ? position : [...position, field],
      text: loggable,
    })),
  ]
}

function violationsOf(entry: Entry, entities: readonly Entity[]): Violation[] {
  const { errors, whole, position } = entry
  return [
    ...whole.map((text) => ({ path: position, text })),
    ...leavesOf(errors, []).map((leaf) => ({
      ...hinted(leaf, entryHint(leaf, entry, entities)),
      path: [...position, ...leaf.path],
    })),
  ]
}

function hinted(violation: Violation, hint: string | undefined): Violation {
  return hint === undefined ? violation : { ...violation, hint }
}

/** The texts of a tree with their steps; those of a whole stand at the whole. */
function leavesOf(tree: ErrorTree | null, path: DocumentPath): Violation[] {
  if (tree === null) return []
  if (typeof tree === 'string') return [{ path, text: tree }]
  if (isList(tree)) return tree.flatMap((item, i) => leavesOf(item, [...path, i]))
  return Object.entries(tree).flatMap(([name, inner]) => {
    if (name !== '@entity') return leavesOf(inner, [...path, name])
    return isList(inner) ? inner.flatMap((text) => leavesOf(text, path)) : leavesOf(inner, path)
  })
}

/** `Array.isArray` that knows of readonly lists. */
function isList(tree: ErrorTree): tree is readonly (ErrorTree | null)[] {
  return Array.isArray(tree)
}
