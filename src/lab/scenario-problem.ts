import type { EntityError } from '../schema/entity-error.ts'
import { type ErrorLeaf, type FieldErrors, leavesOf, treeOf } from '../schema/error-tree.ts'
import type { Fields } from '../schema/field.ts'
import { hintOf } from '../schema/hint.ts'

/** One thing that is wrong with a scenario. */
export interface ScenarioProblem extends ErrorLeaf {
  /** What may have been meant. */
  readonly hint?: string
}

/** The refusal of a scenario, with all that is wrong. */
export class InvalidScenario extends Error {
  override readonly name = 'InvalidScenario'
  readonly problems: readonly ScenarioProblem[]

  constructor(problems: readonly ScenarioProblem[]) {
    super(problems.map(({ path, text }) => [...path, text].join(': ')).join('; '))
    this.problems = problems
  }
}

/** Every violation of a refusal, with its place. */
export function problemsOf({ fields = {} }: EntityError, known: Fields): ScenarioProblem[] {
  // What a schema violation holds is a tree of them.
  return leavesOf(fields as FieldErrors).map((leaf) => {
    const hint = hintOf(known, treeOf(leaf))
    return hint === undefined ? leaf : { ...leaf, hint }
  })
}
