import { get, type SideDoor, send } from './side-door.ts'

/** What is kept for one, and who else might get it. */
const strangers = (
  [
    ['another consumer', get('/kept', 'apikey: ann-key'), get('/kept', 'apikey: bob-key')],
    [
      'a claim to be the same',
      get('/kept?1', 'apikey: ann-key'),
      get('/kept?1', 'apikey: bob-key', 'X-Consumer-Username: ann'),
    ],
    [
      'another Authorization',
      get('/cache?1', 'Authorization: a'),
      get('/cache?1', 'Authorization: b'),
    ],
    ['no Authorization', get('/cache?2', 'Authorization: a'), get('/cache?2')],
    ['another host', get('/cache?3', 'Host: a.test'), get('/cache?3', 'Host: b.test')],
    ['another case of the path', get('/cache/a'), get('/cache/A')],
    ['a slash that is encoded', get('/cache/a%2fb'), get('/cache/a/b')],
    ['a question mark that is encoded', get('/cache/a%3fb=1'), get('/cache/a?b=1')],
    ['an ampersand that is encoded', get('/cache?a=1%26b=2'), get('/cache?a=1&b=2')],
    ['an equals sign that is encoded', get('/cache?a%3d1'), get('/cache?a=1')],
    ['an argument without a value', get('/cache?aa'), get('/cache?aa=true')],
    ['an argument with an empty value', get('/cache?bb'), get('/cache?bb=')],
    ['parts of a key in the path', get('/cache/p|q'), get('/cache/p?q')],
    ['an argument of the prototype', get('/cache?__proto__=1'), get('/cache?__proto__=2')],
    [
      'a body that makes no difference',
      send('GET', '/cache?fat', ['Content-Length: 1'], 'a'),
      get('/cache?fat'),
    ],
    ['HEAD for GET', send('HEAD', '/cache?head'), get('/cache?head')],
    ['a POST for a GET', send('POST', '/cache?post', ['Content-Length: 0']), get('/cache?post')],
  ] as const
).map(
  ([what, before, attempt]): SideDoor => ({
    plugin: 'proxy-cache',
    what: `given to another: ${what}`,
    before: [before],
    attempt,
    fresh: true,
  }),
)

/** What somebody makes the gateway keep for all others; the upstream tells all that it got. */
const poisoned = [
  'X-Forwarded-Host: evil.test',
  'X-Forwarded-Proto: evil',
  'X-Forwarded-Prefix: /evil',
  'X-Forwarded-Port: 666',
  'Host: evil.test',
].map(
  (line, i): SideDoor => ({
    plugin: 'proxy-cache',
    what: `kept for others: ${line}`,
    before: [get(`/cache/poison-${i}`, line)],
    attempt: get(`/cache/poison-${i}`),
    never: /"(?:x-forwarded-\w+|host)":"[^"]*(?:evil|666)/,
  }),
)

const owned: readonly SideDoor[] = [
  {
    plugin: 'proxy-cache',
    what: 'what is kept, without a key',
    before: [get('/kept?2', 'apikey: ann-key')],
    attempt: get('/kept?2'),
  },
  {
    plugin: 'proxy-cache',
    what: 'what is kept by a name that looks static, without a key',
    before: [get('/kept/me.css', 'apikey: ann-key')],
    attempt: get('/kept/me.css'),
  },
  {
    plugin: 'proxy-cache',
    what: 'a key of the cache by name',
    before: [get('/kept?3', 'apikey: ann-key')],
    attempt: get('/kept?3', 'apikey: bob-key', 'X-Cache-Key: ann', 'X-Cache-Status: Hit'),
    fresh: true,
  },
  {
    plugin: 'proxy-cache',
    what: 'a part in place of the whole',
    before: [get('/cache?range', 'Range: bytes=0-0')],
    attempt: get('/cache?range'),
    never: /content-range/i,
  },
  {
    plugin: 'proxy-cache',
    what: 'a cookie that was set for another',
    before: [get('/cache/answer?set-cookie=evil')],
    attempt: get('/cache/answer?set-cookie=evil'),
    fresh: true,
  },
]

/** Attempts on proxy-cache: what others were told, and what others are going to be told. */
export const CACHE_DOORS: readonly SideDoor[] = [...strangers, ...poisoned, ...owned]
