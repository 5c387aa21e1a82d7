import { cookieOf } from '../../lib/cookies.ts'
import type { Exchange } from '../../pdk/exchange.ts'
import { namedHeader } from '../../pdk/named-header.ts'

/** Where a client may put its token. */
export interface TokenPlaces {
  readonly uri_param_names: readonly string[] | null
  readonly cookie_names: readonly string[] | null
  readonly header_names: readonly string[] | null
}

/** A token; none, one that is no text, or several that differ. */
export type FoundToken = string | undefined | { readonly error: string }

const BEARER = /^\s*[Bb]earer\s+(.+)$/
const NOWHERE: readonly string[] = []

/** Kong: the query, then cookies, then headers; the same token twice is one. */
export function findToken(places: TokenPlaces, { request }: Exchange): FoundToken {
  let found: FoundToken
  const add = (token: string | true | undefined): void => {
    if (token === undefined || token === '' || token === found) return
    if (found !== undefined) found = { error: 'Multiple tokens provided' }
    else found = token === true ? { error: 'Unrecognizable token' } : token
  }
  for (const name of places.uri_param_names ?? NOWHERE) request.queryArg(name).forEach(add)
  for (const name of places.cookie_names ?? NOWHERE) {
    // nginx: in variables, names of cookies count no case.
    add(cookieOf(request.headers.all('cookie'), name, { anyCase: true }))
  }
  for (const name of places.header_names ?? NOWHERE) {
    const value = namedHeader(request.headers, name)
    if (value !== undefined) add(BEARER.exec(value)?.[1])
  }
  return found
}
