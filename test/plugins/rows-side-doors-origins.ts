import { get, type SideDoor, send } from './side-door.ts'

// `https://a.test`, and whatever is below `b.test`, may.
const ORIGINS = [
  ...[
    'null',
    'https://evil.test',
    'http://a.test',
    'https://a.test.evil.test',
    'https://evil-a.test',
  ],
  ...['https://a.test@evil.test', 'https://a.test:8443', 'https://a.test, https://evil.test'],
  ...['https://evilb.test', 'https://x.b.test.evil.test', 'https://evil.test/.b.test'],
  ...['https://evil.test#.b.test', 'https://evil.test?.b.test', 'file://a.test', '*', ''],
]

const ALLOWS = /^access-control-allow-origin:(?! ?https:\/\/a\.test\r| ?https:\/\/x\.b\.test\r)/im

const requests = ORIGINS.map(
  (origin): SideDoor => ({
    plugin: 'cors',
    what: `the origin ${JSON.stringify(origin)}`,
    attempt: get('/cors', `Origin: ${origin}`),
    never: ALLOWS,
  }),
)

const preflights = ORIGINS.map(
  (origin): SideDoor => ({
    plugin: 'cors',
    what: `a preflight of the origin ${JSON.stringify(origin)}`,
    attempt: send('OPTIONS', '/cors', [`Origin: ${origin}`, 'Access-Control-Request-Method: PUT']),
    never: ALLOWS,
  }),
)

/** Attempts on cors: origins that look like one that may. */
export const ORIGIN_DOORS: readonly SideDoor[] = [
  ...requests,
  ...preflights,
  {
    plugin: 'cors',
    what: 'two origins',
    attempt: get('/cors', 'Origin: https://a.test', 'Origin: https://evil.test'),
    never: ALLOWS,
  },
  {
    plugin: 'cors',
    what: 'what the upstream allows everybody',
    attempt: get('/cors/answer?access-control-allow-origin=*', 'Origin: https://evil.test'),
    never: ALLOWS,
  },
]
