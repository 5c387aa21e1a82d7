/** A target as far as its share goes. */
export interface Weighted {
  readonly id: string
  readonly weight: number
  /** Whether it takes part at all. */
  readonly takes: boolean
}

/** What share of the traffic each would get by these weights. */
export function sharesOf(targets: readonly Weighted[]): ReadonlyMap<string, number> {
  const able = targets.filter(({ takes }) => takes)
  const total = able.reduce((sum, { weight }) => sum + weight, 0)
  return new Map(
    targets.map(({ id, weight, takes }) => [id, takes && total > 0 ? weight / total : 0]),
  )
}
