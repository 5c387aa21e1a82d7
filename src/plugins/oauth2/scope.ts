import type { OAuth2Config } from './config.ts'
import { type Failure, failure } from './failure.ts'
import type { Parameters } from './parameters.ts'

/** What a token is going to be good for; null for nothing named. */
export function scopeOf(
  parameters: Parameters,
  { scopes, mandatory_scope: mandatory }: OAuth2Config,
): string | null | Failure {
  if (!parameters.has('scope')) {
    return mandatory ? failure('invalid_scope', 'You must specify a scope') : null
  }
  // Kong: who configured no scopes is not told of any.
  if (scopes === null) return null
  const asked = parameters.text('scope')
  if (asked === undefined) return failure('invalid_scope', 'scope must be a string')

  const words = wordsOf(asked)
  const unknown = words.find((word) => !scopes.includes(word))
  if (unknown !== undefined) return failure('invalid_scope', `"${unknown}" is an invalid scope`)
  return words.length === 0 ? null : words.join(' ')
}

/** Whether what a token is good for is all configured; one for nothing named always is. */
export function isCovered(scope: string | null, { scopes }: Pick<OAuth2Config, 'scopes'>): boolean {
  return wordsOf(scope ?? '').every((word) => scopes?.includes(word) === true)
}

function wordsOf(scope: string): string[] {
  return scope.split(/\s+/).filter((word) => word !== '')
}
