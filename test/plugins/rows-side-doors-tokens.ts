import { createHmac } from 'node:crypto'
import { P256_PUBLIC } from '../../src/lib/keys.fixture.ts'
import { bearer, token } from './rows-consumer.ts'
import { get, type SideDoor } from './side-door.ts'

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const GOOD = { iss: 'ann-issuer' }
const [HEAD, CLAIMS, SIGNATURE] = token(GOOD).split('.') as [string, string, string]

/** A token of this header without anything to prove it. */
const unproven = (header: object, signature = '', claims: object = GOOD) =>
  `Bearer ${part(header)}.${part(claims)}.${signature}`

const ZEROS = Buffer.alloc(64).toString('base64url')

/** Signs with a public key as if it were a secret. */
function confused(key: string, algorithm = 'HS256'): string {
  const text = `${part({ alg: algorithm })}.${part({ iss: 'key-issuer' })}`
  return `Bearer ${text}.${createHmac('sha256', key).update(text).digest('base64url')}`
}

const headers: Readonly<Record<string, string>> = {
  'the algorithm none': unproven({ alg: 'none' }),
  'the algorithm None': unproven({ alg: 'None' }),
  'the algorithm NONE with a signature': unproven({ alg: 'NONE' }, SIGNATURE),
  'the algorithm nOnE': unproven({ alg: 'nOnE' }),
  'no algorithm': unproven({ typ: 'JWT' }),
  'an algorithm that is null': unproven({ alg: null }),
  'an algorithm that is a list': unproven({ alg: ['HS256'] }, SIGNATURE),
  'an algorithm of the prototype': unproven({ alg: 'constructor' }),
  'an algorithm in small letters': bearer(GOOD, 'ann-secret', { alg: 'hs256' }),
  'a public key as the secret': confused(P256_PUBLIC),
  'a public key as the secret, trimmed': confused(P256_PUBLIC.trim()),
  'a public key as the secret, its algorithm kept': confused(P256_PUBLIC, 'ES256'),
  'a signature of zeros': unproven({ alg: 'ES256' }, ZEROS, { iss: 'key-issuer' }),
  'no signature for a public key': unproven({ alg: 'ES256' }, '', { iss: 'key-issuer' }),
  'no signature': `Bearer ${HEAD}.${CLAIMS}.`,
  'no signature and no dot': `Bearer ${HEAD}.${CLAIMS}`,
  'the signature of other claims': `Bearer ${HEAD}.${part({ ...GOOD, admin: true })}.${SIGNATURE}`,
  'half a signature': `Bearer ${HEAD}.${CLAIMS}.${SIGNATURE.slice(0, 20)}`,
  'a part too many': `Bearer ${HEAD}.${CLAIMS}.${SIGNATURE}.x`,
  'an empty secret': bearer(GOOD, ''),
  "another consumer's secret": bearer(GOOD, 'bob-secret'),
  'a longer hash of the same secret': bearer(GOOD, 'ann-secret', { alg: 'HS512' }),
  'a key that comes along': unproven({ alg: 'HS256', jwk: { kty: 'oct', k: 'eA' } }, SIGNATURE),
  'a place where the key is': unproven({ alg: 'HS256', jku: 'http://evil.test/k' }, SIGNATURE),
  'a key by a path': bearer({ iss: '../../dev/null' }, '', { alg: 'HS256', kid: '../../dev/null' }),
  'a key by its id alone': bearer({}, 'ann-secret', { alg: 'HS256', kid: 'ann-issuer' }),
  'an issuer of the prototype': bearer({ iss: '__proto__' }, 'undefined'),
  'an issuer that is a list': bearer({ iss: ['ann-issuer'] }),
  'an issuer that is a table': bearer({ iss: { $ne: '' } }),
  'an issuer that is true': bearer({ iss: true }),
  'an issuer in other letters': bearer({ iss: 'ANN-ISSUER' }),
  'another scheme': `Basic ${token(GOOD)}`,
  'no scheme': token(GOOD),
}

const times: Readonly<Record<string, string>> = {
  'a time that is a text': bearer({ ...GOOD, exp: '99999999999' }),
  'a time that is null': bearer({ ...GOOD, exp: null }),
  'a time that is a list': bearer({ ...GOOD, exp: [99999999999] }),
  'no time': bearer(GOOD),
  'a time in the header': bearer(GOOD, 'ann-secret', { alg: 'HS256', exp: 99999999999 }),
  'a time before all times': bearer({ ...GOOD, exp: -1 }),
}

const attempts = (path: string, all: Readonly<Record<string, string>>): SideDoor[] =>
  Object.entries(all).map(([what, value]) => ({
    plugin: 'jwt',
    what,
    attempt: get(path, `Authorization: ${value}`),
  }))

/** Attempts on jwt: what a token says of itself. */
export const TOKEN_DOORS: readonly SideDoor[] = [
  ...attempts('/jwt', headers),
  ...attempts('/jwt-exp', times),
  {
    plugin: 'jwt',
    what: 'a good token beside a bad one',
    attempt: get(`/jwt?jwt=${token(GOOD)}`, `Authorization: ${bearer(GOOD, 'x')}`),
  },
  {
    plugin: 'jwt',
    what: 'two good tokens of two consumers',
    attempt: get(`/jwt?jwt=${token(GOOD)}&jwt=${token({ iss: 'bob-issuer' }, 'bob-secret')}`),
  },
]
