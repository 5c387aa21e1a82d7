import { digest, signature } from './rows-consumer.ts'
import { type PluginRow, refused } from './rows-row.ts'

const HMAC = { name: 'hmac-auth' }
const CHALLENGE = { 'www-authenticate': 'hmac' }
const NO_DATE = refused(
  'HMAC signature cannot be verified, a valid date or x-date header is required for HMAC Authentication',
)
const NOT_VALID = refused('HMAC signature cannot be verified')
const NOT_SAME = refused('HMAC signature does not match')

/** Signs when it is asked, for the time counts. */
function signing(...options: Parameters<typeof signature>) {
  return {
    get headers() {
      return signature(...options)
    },
  }
}

/** Who may pass, by what is signed. */
export const SIGNATURE_ROWS: readonly PluginRow[] = [
  {
    what: 'hmac-auth: none',
    plugins: [HMAC],
    status: 401,
    headers: CHALLENGE,
    body: refused('Unauthorized'),
  },
  {
    what: 'hmac-auth: a realm',
    plugins: [{ name: 'hmac-auth', config: { realm: 'shop' } }],
    status: 401,
    headers: { 'www-authenticate': 'hmac realm="shop"' },
  },
  {
    what: 'hmac-auth: no date',
    plugins: [HMAC],
    asked: { headers: { authorization: 'hmac x' } },
    status: 401,
    headers: CHALLENGE,
    body: NO_DATE,
  },
  {
    what: 'hmac-auth: a date of long ago',
    plugins: [HMAC],
    asked: signing({ date: 'Thu, 01 Jan 2015 00:00:00 GMT' }),
    status: 401,
    headers: CHALLENGE,
    body: NO_DATE,
  },
  {
    what: 'hmac-auth: no signature in it',
    plugins: [HMAC],
    asked: {
      get headers() {
        return { ...signature(), authorization: 'hmac username="ann-hmac"' }
      },
    },
    status: 401,
    headers: CHALLENGE,
    body: NOT_VALID,
  },
  {
    what: 'hmac-auth: an unknown name',
    plugins: [HMAC],
    asked: signing({ username: 'nobody' }),
    status: 401,
    headers: CHALLENGE,
    body: NOT_VALID,
  },
  {
    what: 'hmac-auth: an algorithm that may not be',
    plugins: [{ name: 'hmac-auth', config: { algorithms: ['hmac-sha512'] } }],
    asked: signing(),
    status: 401,
    body: NOT_VALID,
  },
  {
    what: 'hmac-auth: a header that had to be signed',
    plugins: [{ name: 'hmac-auth', config: { enforce_headers: ['date', '@request-target'] } }],
    asked: signing(),
    status: 401,
    body: NOT_VALID,
  },
  {
    what: 'hmac-auth: another secret',
    plugins: [HMAC],
    asked: signing({ secret: 'x' }),
    status: 401,
    headers: CHALLENGE,
    body: NOT_SAME,
  },
  {
    what: 'hmac-auth: a body without its digest',
    plugins: [{ name: 'hmac-auth', config: { validate_request_body: true } }],
    asked: { method: 'POST', body: 'x', ...signing() },
    status: 401,
    body: NOT_SAME,
  },
  {
    what: 'hmac-auth: a body with its digest',
    plugins: [{ name: 'hmac-auth', config: { validate_request_body: true } }],
    asked: {
      method: 'POST',
      body: 'x',
      get headers() {
        return { ...signature(), digest: digest('x') }
      },
    },
    status: 200,
    upstreamBody: 'x',
  },
  ...['hmac-sha1', 'hmac-sha256', 'hmac-sha384', 'hmac-sha512'].map((algorithm) => ({
    what: `hmac-auth: a good signature by ${algorithm}`,
    plugins: [HMAC],
    asked: signing({ algorithm }),
    status: 200,
    upstream: { 'x-consumer-username': 'ann', 'x-credential-identifier': 'ann-hmac' },
  })),
  {
    what: 'hmac-auth: hidden',
    plugins: [{ name: 'hmac-auth', config: { hide_credentials: true } }],
    asked: signing(),
    status: 200,
    upstream: { authorization: null },
  },
]
