/** Why a request for a token or a code is refused, as its body says it. */
export interface Failure {
  readonly error_description: string
  readonly error: string
}

/** A refusal in the words of RFC 6749. */
export function failure(error: string, description: string): Failure {
  return { error_description: description, error }
}

/** Whether something failed. */
export function isFailure(value: unknown): value is Failure {
  return typeof value === 'object' && value !== null && 'error' in value
}

/** The application is not known, or did not prove itself. */
export const INVALID_CLIENT = failure('invalid_client', 'Invalid client authentication')

/** The key that shows that a login page asks, not a browser, is wrong. */
export const INVALID_PROVISION_KEY = failure('invalid_provision_key', 'Invalid provision_key')

/** Nobody is said to have logged in. */
export const NO_USER = failure(
  'invalid_authenticated_userid',
  'Missing authenticated_userid parameter',
)

/** No headers but those that keep an answer with secrets out of caches. */
export const UNCACHED: readonly string[] = ['cache-control', 'no-store', 'pragma', 'no-cache']
