/** The ways routes with fields are weighed, by the names `route_match_calculation` has for them. */
export const MATCH_CALCULATIONS = ['original', 'strict'] as const

/** One of them. */
export type MatchCalculation = (typeof MATCH_CALCULATIONS)[number]
