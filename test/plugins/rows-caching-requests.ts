import type { CachingRow, Headers } from './caching-row.ts'
import type { Asked } from './rows-row.ts'

const MINUTE = { 'cache-control': 'max-age=60' }
const FAR = 'Fri, 01 Jan 2100 00:00:00 GMT'
const PAST = 'Thu, 01 Jan 2015 00:00:00 GMT'

const by = (headers: Headers): Asked => ({ headers: { ...headers } })

/** What a request's Cache-Control comes to, of an answer that is good for a minute. */
const asking = (value: string, reused: boolean): CachingRow => ({
  what: `a request of "${value}" ${reused ? 'gets what is kept' : 'goes on'}`,
  answer: MINUTE,
  second: by({ 'cache-control': value }),
  reused,
})

const requests: readonly CachingRow[] = [
  asking('no-store', false),
  asking('no-cache', false),
  asking('max-age=3600', true),
  asking('min-fresh=100', false),
  asking('min-fresh=10', true),
  asking('max-stale', true),
  asking('only-if-cached', true),
  {
    what: 'a request of "max-age=0" for something older goes on',
    answer: { ...MINUTE, age: '5' },
    second: by({ 'cache-control': 'max-age=0' }),
    reused: false,
  },
  {
    what: 'a request of "only-if-cached" for what is not kept',
    answer: { 'cache-control': 'no-store' },
    second: by({ 'cache-control': 'only-if-cached' }),
    reused: false,
    status: 504,
  },
  {
    what: 'a request of "no-store" is not kept',
    answer: MINUTE,
    first: by({ 'cache-control': 'no-store' }),
    reused: false,
  },
  {
    what: 'POST is not kept',
    answer: MINUTE,
    first: { method: 'POST', body: 'x' },
    second: { method: 'POST', body: 'x' },
    reused: false,
  },
  {
    what: 'a GET with a body is not kept',
    answer: MINUTE,
    first: { body: 'x' },
    second: { body: 'y' },
    reused: false,
  },
  {
    what: 'HEAD is kept',
    answer: MINUTE,
    first: { method: 'HEAD' },
    second: { method: 'HEAD' },
    reused: true,
  },
  {
    what: 'GET never gets the empty body of a HEAD',
    answer: MINUTE,
    first: { method: 'HEAD' },
    reused: false,
  },
  ...['POST', 'PUT', 'PATCH', 'DELETE'].map((method) => ({
    what: `${method} makes what is kept worthless`,
    answer: MINUTE,
    between: { method },
    reused: false,
  })),
  {
    what: 'a POST that fails does not',
    answer: MINUTE,
    between: { method: 'POST', headers: { 'x-fail': '500' } },
    reused: true,
  },
  ...['HEAD', 'OPTIONS'].map((method) => ({
    what: `${method} leaves what is kept`,
    answer: MINUTE,
    between: { method },
    reused: true,
  })),
]

const TAGGED = { ...MINUTE, etag: '"v1"', 'last-modified': PAST }

/** What a client that has an answer already is told. */
const having = (headers: Headers, status: number): CachingRow => ({
  what: `a client with ${JSON.stringify(headers)} gets ${status} from the cache`,
  answer: TAGGED,
  second: by(headers),
  reused: true,
  status,
  headers: { etag: '"v1"' },
})

const revalidating: readonly CachingRow[] = [
  having({ 'if-none-match': '"v1"' }, 304),
  having({ 'if-none-match': 'W/"v1"' }, 304),
  having({ 'if-none-match': '"v0", "v1"' }, 304),
  having({ 'if-none-match': '*' }, 304),
  having({ 'if-none-match': '"v2"' }, 200),
  having({ 'if-none-match': '"v2"', 'if-modified-since': FAR }, 200),
  having({ 'if-modified-since': PAST }, 304),
  having({ 'if-modified-since': 'Wed, 31 Dec 2014 23:59:59 GMT' }, 200),
  having({ 'if-modified-since': 'yesterday' }, 200),
]

/** What requests say of what is kept, and what clients have already. */
export const REQUEST_CACHING_ROWS: readonly CachingRow[] = [...requests, ...revalidating]
