import type { TargetFigures } from './figures.ts'

/** What the targets of one entry of the file did together. */
export interface GroupFigures {
  readonly name: string
  readonly count: number
  readonly share: number
  readonly utilisation: number | undefined
  readonly hits: number | undefined
}

/** The figures of targets by the entry of the file they stand in. */
export function groupsOf(targets: readonly TargetFigures[]): GroupFigures[] {
  const groups = new Map<string, TargetFigures[]>()
  for (const target of targets) {
    const group = groups.get(target.group)
    if (group === undefined) groups.set(target.group, [target])
    else group.push(target)
  }
  return [...groups].map(([name, members]) => ({
    name,
    count: members.length,
    share: members.reduce((sum, { share }) => sum + share, 0),
    utilisation: meanOf(members.map(({ utilisation }) => ({ value: utilisation, weight: 1 }))),
    hits: meanOf(members.map(({ hits, tries }) => ({ value: hits, weight: tries }))),
  }))
}

/** Of the values that are known. */
function meanOf(
  values: readonly { readonly value: number | undefined; readonly weight: number }[],
): number | undefined {
  let sum = 0
  let weights = 0
  for (const { value, weight } of values) {
    if (value === undefined) continue
    sum += value * weight
    weights += weight
  }
  return weights === 0 ? undefined : sum / weights
}
