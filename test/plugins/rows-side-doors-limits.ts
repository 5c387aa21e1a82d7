import { doors, get, type SideDoor, send } from './side-door.ts'

/** Headers by which somebody may say that the request is another's. */
const ALIASES = [
  ...['X-Forwarded-For: 10.0.0.1', 'X-Real-IP: 10.0.0.1', 'Forwarded: for=10.0.0.1'],
  ...['True-Client-IP: 10.0.0.1', 'CF-Connecting-IP: 10.0.0.1', 'X-Client-IP: 10.0.0.1'],
  ...['X-Forwarded-For: 10.0.0.1, 127.0.0.1', 'X-Forwarded-For: 10.0.0.1:80'],
  ...['X-Cluster-Client-IP: 10.0.0.1', 'Host: 10.0.0.1', 'Fastly-Client-IP: 10.0.0.1'],
]

const byAddress = ALIASES.flatMap((line): SideDoor[] => [
  {
    plugin: 'rate-limiting',
    what: `the address of ${line}`,
    before: [get('/rate')],
    attempt: get('/rate', line),
  },
  {
    plugin: 'ip-restriction',
    what: `the address of ${line}, where only that may`,
    attempt: get('/ip', line),
  },
  {
    plugin: 'ip-restriction',
    what: `the address of ${line}, where this may not`,
    attempt: get('/ip-deny', line),
  },
])

const otherAddresses = doors('ip-restriction', {
  'two addresses in two lines': get(
    '/ip',
    'X-Forwarded-For: 10.0.0.1',
    'X-Forwarded-For: 10.0.0.2',
  ),
  'an address that the connection owns': get('/ip', 'Connection: close, x-forwarded-for'),
  'an absolute target': get('http://10.0.0.1/ip'),
  'a preface of a proxy': `PROXY TCP4 10.0.0.1 10.0.0.2 1 2\r\n${get('/ip')}`,
})

const rates = doors(
  'rate-limiting',
  {
    'another argument': get('/rate?x=1'),
    'a slash behind': get('/rate/'),
    'another spelling': get('/r%61te'),
    'a detour': get('/x/../rate'),
    'another method': send('POST', '/rate', ['Content-Length: 0']),
    'a method by header': get('/rate', 'X-HTTP-Method-Override: OPTIONS'),
    'a preflight': send('OPTIONS', '/rate', ['Origin: http://a.test']),
    HEAD: send('HEAD', '/rate'),
    'another host': get('/rate', 'Host: b.test'),
    'a claim to be somebody': get('/rate', 'X-Consumer-ID: x', 'X-Consumer-Username: x'),
    'a key that nobody asks for': get('/rate', 'apikey: bob-key'),
    'a request in the old way': 'GET /rate HTTP/1.0\r\n\r\n',
    'limits by its own word': get('/rate', 'X-RateLimit-Remaining-Year: 9', 'RateLimit-Limit: 9'),
  },
  { before: [get('/rate')] },
)

const rateKeys = doors(
  'rate-limiting',
  {
    'the same consumer by the query': get('/rate-key?apikey=ann-key'),
    'the same consumer by another case of the header': get('/rate-key', 'ApiKey: ann-key'),
    'the same consumer with a claim to be another': get(
      '/rate-key',
      'apikey: ann-key',
      'X-Consumer-ID: x',
    ),
  },
  { before: [get('/rate-key', 'apikey: ann-key')] },
)

const rateHeaders = doors(
  'rate-limiting',
  {
    'the same header in another case': get('/rate-header', 'X-WHO: a'),
    'the same header with blanks': get('/rate-header', 'x-who:   a  '),
  },
  { before: [get('/rate-header', 'x-who: a')] },
)

/** Whatever the connection owns is as if it were not there: neither counted by nor passed on. */
const rateConnection: SideDoor = {
  plugin: 'rate-limiting',
  what: 'a header that the connection owns',
  attempt: get('/rate-header', 'x-who: owned', 'Connection: close, x-who'),
  unseen: /owned/,
}

const ratePaths = doors(
  'rate-limiting',
  {
    'the same path in another spelling': get('/rate-p%61th'),
    'the same path by a detour': get('/./rate-path'),
  },
  { before: [get('/rate-path')] },
)

const length = (value: string) => ['Content-Type: text/plain', `Content-Length: ${value}`]
const coding = (value: string) => ['Content-Type: text/plain', `Transfer-Encoding: ${value}`]
const chunks = (...pieces: string[]) =>
  `${pieces.map((piece) => `${piece.length.toString(16)}\r\n${piece}\r\n`).join('')}0\r\n\r\n`

const sizes = doors(
  'request-size-limiting',
  {
    'a body that is too long': send('POST', '/size', length('5'), 'fives'),
    'a body in one chunk': send('POST', '/size', coding('chunked'), chunks('fives')),
    'a body in many chunks': send('POST', '/size', coding('chunked'), chunks(...'fives')),
    'chunks with more said': send(
      'POST',
      '/size',
      coding('chunked'),
      '5;a=b\r\nfives\r\n0\r\n\r\n',
    ),
    'a length of chunks with noughts': send(
      'POST',
      '/size',
      coding('chunked'),
      '0000005\r\nfives\r\n0\r\n\r\n',
    ),
    'chunks and a length': send(
      'POST',
      '/size',
      [...coding('chunked'), 'Content-Length: 4'],
      chunks('fives'),
    ),
    'chunks twice': send('POST', '/size', coding('chunked, chunked'), chunks('fives')),
    'chunks by another name': send('POST', '/size', coding('xchunked'), chunks('fives')),
    'chunks in capitals': send('POST', '/size', coding('CHUNKED'), chunks('fives')),
    'a length with a sign': send('POST', '/size', length('+5'), 'fives'),
    'a length in hex': send('POST', '/size', length('0x5'), 'fives'),
    'two lengths in a line': send('POST', '/size', length('4, 5'), 'fives'),
    'two lengths': send('POST', '/size', [...length('4'), 'Content-Length: 5'], 'fives'),
    'two lengths, the other way': send(
      'POST',
      '/size',
      [...length('5'), 'Content-Length: 4'],
      'fives',
    ),
    'a length that is too short': send('POST', '/size', length('4'), 'fives'),
    'a length with a nought before': send('POST', '/size', length('05'), 'fives'),
    'a length below nothing': send('POST', '/size', length('-5'), 'fives'),
    'a GET with a body': send('GET', '/size', length('5'), 'fives'),
    'a DELETE with a body': send('DELETE', '/size', coding('chunked'), chunks('fives')),
    'a method by header': send('POST', '/size', [...length('5'), 'X-HTTP-Method: GET'], 'fives'),
    'a coding of its own': send(
      'POST',
      '/size',
      [...length('5'), 'Content-Encoding: gzip'],
      'fives',
    ),
    'a body that waits to be asked for': send(
      'POST',
      '/size',
      [...length('5'), 'Expect: 100-continue'],
      'fives',
    ),
    'a length that the connection owns': send(
      'POST',
      '/size',
      [...length('5'), 'Connection: close, content-length'],
      'fives',
    ),
    'a path in another spelling': send('POST', '/s%69ze', length('5'), 'fives'),
  },
  { unseen: /\r\n\r\nfives/ },
)

/** Attempts on rate-limiting, ip-restriction and request-size-limiting. */
export const LIMIT_DOORS: readonly SideDoor[] = [
  ...byAddress,
  ...otherAddresses,
  ...rates,
  ...rateKeys,
  ...rateHeaders,
  rateConnection,
  ...ratePaths,
  ...sizes,
]
