import type { CachingRow, Headers } from './caching-row.ts'
import { REQUEST_CACHING_ROWS } from './rows-caching-requests.ts'
import type { Asked } from './rows-row.ts'

const MINUTE = { 'cache-control': 'max-age=60' }
const FAR = 'Fri, 01 Jan 2100 00:00:00 GMT'
const PAST = 'Thu, 01 Jan 2015 00:00:00 GMT'

/** What an answer's Cache-Control comes to. */
const said = (value: string | string[], reused: boolean): CachingRow => ({
  what: `an answer of ${JSON.stringify(value)} is ${reused ? 'given again' : 'asked for anew'}`,
  answer: { 'cache-control': value },
  reused,
})

const answers: readonly CachingRow[] = [
  said('max-age=60', true),
  said('MAX-AGE=60', true),
  said('max-age=60 , public', true),
  said('max-age=60, must-revalidate', true),
  said('max-age=60, proxy-revalidate', true),
  said('max-age=60, something=else', true),
  said('max-age=99999999999', true),
  said('s-maxage=60', true),
  said('s-maxage=60, max-age=0', true),
  said('s-maxage=0, max-age=60', false),
  said('max-age=0', false),
  said('max-age=-60', false),
  said('max-age=x', false),
  said('public', false),
  said('no-store', false),
  said('no-store, max-age=60', false),
  said('NO-STORE, max-age=60', false),
  said('max-age=60, no-cache', false),
  said('max-age=60, no-cache="set-cookie"', false),
  said('private, max-age=60', false),
  said('private="x-a", max-age=60', false),
  said('private, s-maxage=60', false),
  said(['max-age=60', 'no-store'], false),
  said(['public', 'max-age=60'], true),
  { what: 'an answer that says nothing is asked for anew', reused: false },
  { what: 'Expires in the future', answer: { expires: FAR }, reused: true },
  { what: 'Expires in the past', answer: { expires: PAST }, reused: false },
  { what: 'Expires that is no date', answer: { expires: '0' }, reused: false },
  {
    what: 'max-age goes before Expires',
    answer: { 'cache-control': 'max-age=0', expires: FAR },
    reused: false,
  },
  {
    what: 'max-age goes before an old Expires',
    answer: { ...MINUTE, expires: PAST },
    reused: true,
  },
  { what: 'Age has used up max-age', answer: { ...MINUTE, age: '60' }, reused: false },
  {
    what: 'Age has used up some of it, and goes on',
    answer: { ...MINUTE, age: '20' },
    reused: true,
    headers: { age: /^(2\d|3\d)$/ },
  },
  { what: 'a cookie is never replayed', answer: { ...MINUTE, 'set-cookie': 'a=1' }, reused: false },
  {
    what: 'what belongs to the connection is not replayed',
    answer: { ...MINUTE, connection: 'x-hop', 'x-hop': '1', 'proxy-authenticate': 'x' },
    reused: true,
    headers: { 'x-hop': null, 'proxy-authenticate': null },
  },
  {
    what: 'a type that is not listed',
    answer: { ...MINUTE, 'content-type': 'a/b' },
    reused: false,
  },
  { what: 'an answer in chunks', answer: MINUTE, sent: 'chunked', reused: true },
  { what: 'an answer that was cut', answer: MINUTE, sent: 'cut', reused: false },
  { what: 'a 404 with a lifetime', answer: MINUTE, answered: 404, reused: true, status: 404 },
  { what: 'a 500 with a lifetime', answer: MINUTE, answered: 500, reused: false, status: 500 },
  {
    what: 'a part of something',
    answer: { ...MINUTE, 'content-range': 'bytes 0-0/9' },
    answered: 206,
    reused: false,
    status: 206,
  },
]

const by = (headers: Headers): Asked => ({ headers: { ...headers } })

const varying: readonly CachingRow[] = [
  {
    what: 'Vary, the same',
    answer: { ...MINUTE, vary: 'X-A' },
    first: by({ 'x-a': '1' }),
    second: by({ 'x-a': '1' }),
    reused: true,
  },
  {
    what: 'Vary, another',
    answer: { ...MINUTE, vary: 'x-a' },
    first: by({ 'x-a': '1' }),
    second: by({ 'x-a': '2' }),
    reused: false,
  },
  {
    what: 'Vary, none',
    answer: { ...MINUTE, vary: 'x-a' },
    first: by({ 'x-a': '1' }),
    reused: false,
  },
  {
    what: 'Vary, absent both times',
    answer: { ...MINUTE, vary: 'x-a' },
    first: by({ 'x-b': '1' }),
    second: by({ 'x-b': '2' }),
    reused: true,
  },
  {
    what: 'Vary, one of two differs',
    answer: { ...MINUTE, vary: ['x-a', 'x-b'] },
    first: by({ 'x-a': '1', 'x-b': '1' }),
    second: by({ 'x-a': '1', 'x-b': '2' }),
    reused: false,
  },
  {
    what: 'Vary, a variant of before',
    answer: { ...MINUTE, vary: 'x-a' },
    first: by({ 'x-a': '1' }),
    between: by({ 'x-a': '2' }),
    second: by({ 'x-a': '1' }),
    reused: true,
  },
  { what: 'Vary by everything', answer: { ...MINUTE, vary: '*' }, reused: false },
  { what: 'Vary by everything too', answer: { ...MINUTE, vary: 'x-a, *' }, reused: false },
]

const ANN = by({ authorization: 'Bearer ann' })
const BOB = by({ authorization: 'Bearer bob' })
const PUBLIC = { 'cache-control': 'public, max-age=60' }

const clients: readonly CachingRow[] = [
  { what: 'Authorization, not public', answer: MINUTE, first: ANN, second: ANN, reused: false },
  { what: 'Authorization, public', answer: PUBLIC, first: ANN, second: ANN, reused: true },
  {
    what: 'Authorization, s-maxage',
    answer: { 'cache-control': 's-maxage=60' },
    first: ANN,
    second: ANN,
    reused: true,
  },
  {
    what: 'Authorization, must-revalidate',
    answer: { 'cache-control': 'must-revalidate, max-age=60' },
    first: ANN,
    second: ANN,
    reused: true,
  },
  { what: 'Authorization, another', answer: PUBLIC, first: ANN, second: BOB, reused: false },
  { what: 'Authorization, none', answer: PUBLIC, first: ANN, reused: false },
  { what: 'no Authorization, then one', answer: PUBLIC, second: ANN, reused: false },
  {
    what: 'another host',
    answer: MINUTE,
    first: by({ host: 'a.test' }),
    second: by({ host: 'b.test' }),
    reused: false,
  },
  { what: 'another argument', answer: MINUTE, second: { path: '?a=1' }, reused: false },
  { what: 'another path', answer: MINUTE, second: { path: '/A' }, reused: false },
]

/** Behaviour of RFC 9111 with `cache_control`, none of which needs a clock. */
export const CACHING_ROWS: readonly CachingRow[] = [
  ...answers,
  ...varying,
  ...clients,
  ...REQUEST_CACHING_ROWS,
]
