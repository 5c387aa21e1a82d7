import type { Exchange } from '../../pdk/exchange.ts'
import { type Form, readForm } from '../../pdk/form.ts'
import { hideField } from '../../pdk/hide-field.ts'
import { deleteNamedHeader, namedHeader } from '../../pdk/named-header.ts'
import { mayHaveBody, parametersOf } from './parameters.ts'

/** How a token is looked for. */
export interface TokenPlaces {
  readonly auth_header_name: string | null
  readonly hide_credentials: boolean
  /** Bytes of a body that is looked into. */
  readonly limit: number
}

const BEARER = /^\s*(?:token|bearer)\s+(\S+)\s*$/i

/** The token a client shows; Kong: in the header, and only without one in the query or the body. */
export function accessTokenOf(
  exchange: Exchange,
  places: TokenPlaces,
): string | undefined | Promise<string | undefined> {
  const name = places.auth_header_name ?? 'authorization'
  const header = namedHeader(exchange.request.headers, name)
  if (header !== undefined) {
    const token = BEARER.exec(header)?.[1]
    if (token === undefined) return header
    if (places.hide_credentials) deleteNamedHeader(exchange.upstream.headers, name)
    return token
  }
  if (!mayHaveBody(exchange)) return amongParameters(exchange, places, undefined)
  return readForm(exchange, places.limit).then((form) => amongParameters(exchange, places, form))
}

function amongParameters(
  exchange: Exchange,
  { hide_credentials: hidden }: TokenPlaces,
  form: Form | undefined,
): string | undefined {
  const token = parametersOf(exchange, form?.fields).text('access_token')
  if (token !== undefined && hidden) hideField(exchange.upstream, 'access_token', form)
  return token
}
