import type { EntityError } from '../schema/entity-error.ts'
import type { ErrorTree, FieldErrors } from '../schema/error-tree.ts'
import type { Fields } from '../schema/field.ts'
import { hintOf } from '../schema/hint.ts'

/** One thing that is wrong with a scenario. */
export interface ScenarioProblem {
  /** Names of members, places in lists counted from nought. */
  readonly path: readonly (string | number)[]
  readonly text: string
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
  return leavesOf(fields as FieldErrors, []).map((leaf) => {
    const hint = hintOf(known, treeOf(leaf))
    return hint === undefined ? leaf : { ...leaf, hint }
  })
}

/** Those of a whole stand at the whole. */
function leavesOf(tree: ErrorTree | null, path: ScenarioProblem['path']): ScenarioProblem[] {
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

function treeOf({ path, text }: ScenarioProblem): FieldErrors {
  const [name, ...inside] = path
  if (typeof name !== 'string') return {}
  const tree = inside.reduceRight<ErrorTree>(
    (inner, step) => (typeof step === 'number' ? [inner] : { [step]: inner }),
    text,
  )
  return { [name]: tree }
}
