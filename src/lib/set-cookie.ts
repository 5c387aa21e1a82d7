/** How a cookie is to be kept by a browser. */
export interface CookieRules {
  readonly path?: string | null
  readonly domain?: string | null
  readonly sameSite?: 'Strict' | 'Lax' | 'None' | 'Default' | null
  readonly secure?: boolean | null
  readonly httpOnly?: boolean | null
  /** Seconds; kept until the browser ends when absent, removed for 0. */
  readonly maxAge?: number | undefined
  /** Seconds since 1970 by now: with `maxAge`, browsers that know no Max-Age are told as well. */
  readonly now?: number
}

const ENDS_ATTRIBUTE = /[;\s]/g

/** The value of a `Set-Cookie` header. */
export function setCookie(name: string, value: string, rules: CookieRules): string {
  const { path, domain, sameSite, secure, httpOnly, maxAge, now } = rules
  const parts = [`${name}=${value}`]
  if (path) parts.push(`Path=${path.replace(ENDS_ATTRIBUTE, '')}`)
  if (domain) parts.push(`Domain=${domain.replace(ENDS_ATTRIBUTE, '')}`)
  if (sameSite && sameSite !== 'Default') parts.push(`SameSite=${sameSite}`)
  if (secure) parts.push('Secure')
  if (httpOnly) parts.push('HttpOnly')
  // Old browsers know no Max-Age.
  if (maxAge === 0) parts.push('Expires=Thu, 01 Jan 1970 00:00:01 GMT')
  else if (maxAge !== undefined && now !== undefined) {
    parts.push(`Expires=${new Date((now + maxAge) * 1000).toUTCString()}`)
  }
  if (maxAge !== undefined) parts.push(`Max-Age=${maxAge}`)
  return parts.join('; ')
}
