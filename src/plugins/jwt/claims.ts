import { getOwn } from '../../schema/field.ts'

type Claims = Readonly<Record<string, unknown>>

/** What a token's times are held to. */
export interface ClaimRules {
  readonly claims_to_verify: readonly ('exp' | 'nbf')[] | null
  readonly maximum_expiration: number | null
}

const CHECKS = {
  nbf: (nbf: number, now: number) => (nbf > now ? 'token not valid yet' : undefined),
  exp: (exp: number, now: number) => (exp <= now ? 'token expired' : undefined),
} as const

/** Kong tells of `nbf` first, however they are configured. */
const NAMES = ['nbf', 'exp'] as const

/** What is wrong with them, by claim; `now` in seconds. */
export function claimErrors(
  claims: Claims,
  { claims_to_verify: verified, maximum_expiration: longest }: ClaimRules,
  now: number,
): Readonly<Record<string, string>> | undefined {
  const wrong = NAMES.filter((name) => verified?.includes(name)).flatMap((name) => {
    const value = getOwn(claims, name)
    const error = typeof value === 'number' ? CHECKS[name](value, now) : 'must be a number'
    return error === undefined ? [] : [[name, error] as const]
  })
  if (wrong.length > 0) return Object.fromEntries(wrong)
  return isTooLong(getOwn(claims, 'exp'), longest ?? 0, now)
    ? { exp: 'exceeds maximum allowed expiration' }
    : undefined
}

function isTooLong(exp: unknown, longest: number, now: number): boolean {
  return longest > 0 && (typeof exp !== 'number' || exp - now > longest)
}
