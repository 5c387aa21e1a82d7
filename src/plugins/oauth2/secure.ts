import type { Exchange } from '../../pdk/exchange.ts'
import type { OAuth2Config } from './config.ts'
import { type Failure, failure } from './failure.ts'

/**
 * Secrets travel encrypted, or the request is refused. With `accept_http_if_already_terminated` a
 * trusted peer may say that they did.
 */
export function checkSecure(
  { request }: Pick<Exchange, 'request'>,
  { accept_http_if_already_terminated: elsewhere }: OAuth2Config,
): Failure | undefined {
  if (request.scheme === 'https') return undefined
  if (!elsewhere || !request.fromTrusted) return failure('access_denied', 'You must use HTTPS')
  // Several of them may come from several hands.
  if (request.headers.all('x-forwarded-proto').length > 1) {
    return failure('access_denied', 'Only one X-Forwarded-Proto header allowed')
  }
  return request.forwardedScheme === 'https'
    ? undefined
    : failure('access_denied', 'You must use HTTPS')
}
