import { expect, it } from 'vitest'
import { type CookieRules, setCookie } from './set-cookie.ts'

it.each<{ rules: CookieRules; header: string }>([
  { rules: {}, header: 'a=b' },
  {
    rules: { path: '/', domain: 'x.test', sameSite: 'Strict', secure: true, httpOnly: true },
    header: 'a=b; Path=/; Domain=x.test; SameSite=Strict; Secure; HttpOnly',
  },
  { rules: { path: null, sameSite: 'Default', secure: false, httpOnly: null }, header: 'a=b' },
  { rules: { maxAge: 60 }, header: 'a=b; Max-Age=60' },
  {
    rules: { maxAge: 60, now: 1_700_000_000 },
    header: 'a=b; Expires=Tue, 14 Nov 2023 22:14:20 GMT; Max-Age=60',
  },
  { rules: { now: 1_700_000_000 }, header: 'a=b' },
  { rules: { maxAge: 0 }, header: 'a=b; Expires=Thu, 01 Jan 1970 00:00:01 GMT; Max-Age=0' },
  { rules: { path: '/x; Domain=evil' }, header: 'a=b; Path=/xDomain=evil' },
])('$rules: $header', ({ rules, header }) => {
  expect(setCookie('a', 'b', rules)).toBe(header)
})
