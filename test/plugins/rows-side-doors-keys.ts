import { doors, get, type SideDoor, send } from './side-door.ts'

const ANN = 'apikey: ann-key'

const values = [
  ...['', '*', '%', 'null', 'undefined', '[object Object]', '__proto__', 'constructor'],
  ...[
    'toString',
    'ANN-KEY',
    'ann-key%00',
    'ann-key, bob-key',
    '"ann-key"',
    'ann-key;',
    '0',
    'true',
  ],
].map(
  (value): SideDoor => ({
    plugin: 'key-auth',
    what: `the key ${JSON.stringify(value)}`,
    attempt: get('/key', `apikey: ${value}`),
  }),
)

const queries = [
  ...['?apikey', '?apikey=', '?apikey[]=ann-key', '?apikey[$ne]=x', '?apikey=ann-key%00'],
  ...['?apikey=ann-key&apikey=ann-key', '?apikey=ann-key%20', '?__proto__[apikey]=ann-key'],
  ...[
    '?apikey=ann-key&%61pikey=bob-key',
    '?a=1;apikey=ann-key',
    '?a=%26apikey=ann-key',
    '?apikey%00=ann-key',
    '?%2561pikey=ann-key',
  ],
].map(
  (query): SideDoor => ({
    plugin: 'key-auth',
    what: `the query ${query}`,
    attempt: get(`/key${query}`),
  }),
)

const elsewhere = doors('key-auth', {
  'a key that only the connection owns': get('/key', 'Connection: close, apikey'),
  'the key twice': get('/key', ANN, ANN),
  'the key as a cookie': get('/key', 'Cookie: apikey=ann-key'),
  'the key as Authorization': get('/key', 'Authorization: ann-key'),
  'the key in a body that is not looked at': send(
    'POST',
    '/key',
    ['Content-Type: application/x-www-form-urlencoded', 'Content-Length: 14'],
    'apikey=ann-key',
  ),
  'a claim to be somebody': get('/key', 'X-Consumer-Username: ann', 'X-Consumer-ID: ann'),
  'a claim to be authenticated': get(
    '/key',
    'X-Anonymous-Consumer: false',
    'X-Credential-Identifier: 1',
  ),
  'a proxy that knows': get('/key', 'X-Forwarded-User: ann', 'Remote-User: ann', 'Via: 1.1 kong'),
  'a preflight': send('OPTIONS', '/key', [
    'Origin: http://a.test',
    'Access-Control-Request-Method: PUT',
  ]),
  'another method': send('PROPFIND', '/key'),
  'a method that stands for a preflight': get('/preflight', 'X-HTTP-Method-Override: OPTIONS'),
  'a preflight in small letters': send('options', '/preflight'),
  'an absolute target': get('http://gateway.test/key'),
  'an absolute target of another scheme': get('https://gateway.test/key'),
  'a target for a rewriting proxy': get('/key', 'X-Original-URL: /open', 'X-Rewrite-URL: /open'),
  'an upgrade': get('/key', 'Connection: upgrade', 'Upgrade: h2c'),
})

const spellings = [
  ...['//key', '/key/', '/%6bey', '/%6Bey', '/./key', '/x/../key', '/%2e/key', '/x/%2e%2e/key'],
  ...['/key;a=b', '/key%2f', '/key/.', '/open/../key', '/open/%2e%2e/key', '/key/%2e%2e/key'],
  ...['/key/..;/key', '/key%20', '/key%00', '/key?', '/key#open'],
].map(
  (path): SideDoor => ({
    plugin: 'key-auth',
    what: `the path ${path}`,
    attempt: get(path),
    unseen: /^GET \/+(?:\.\/|x\/|%2e\/)*(?:k|%6b)ey/i,
  }),
)

const hidden = doors(
  'key-auth',
  {
    'a hidden key whose name is encoded': get('/hidden?%61pikey=ann-key'),
    'a hidden key among others': get('/hidden?a=1&apikey=ann-key&b=2'),
    'a hidden key in both places': get('/hidden?apikey=ann-key', ANN),
    'a hidden key in a header of another case': get('/hidden', 'APIKEY: ann-key'),
    'a hidden key that the connection owns': get('/hidden', ANN, 'Connection: close, apikey'),
  },
  { unseen: /ann-key/ },
)

const claims: readonly SideDoor[] = [
  {
    plugin: 'key-auth',
    what: 'another name than that of the key',
    attempt: get('/key', 'apikey: bob-key', 'X-Consumer-Username: root', 'x-consumer-id: root'),
    unseen: /root/,
  },
  {
    plugin: 'key-auth',
    what: 'a custom id where the consumer has none',
    attempt: get('/key', 'apikey: bob-key', 'X-Consumer-Custom-ID: root'),
    unseen: /root/,
  },
  {
    plugin: 'key-auth',
    what: 'what the gateway says of the consumer, taken away by Connection',
    attempt: get('/key', ANN, 'Connection: close, x-consumer-username, x-consumer-id'),
    sees: /^x-consumer-username: ann$/im,
  },
  {
    plugin: 'acl',
    what: 'other groups than those of the consumer',
    attempt: get('/acl', ANN, 'X-Consumer-Groups: admins', 'X-Authenticated-Groups: admins'),
    sees: /^x-consumer-groups: (?:friends, family|family, friends)$/im,
    unseen: /admins/,
  },
  {
    plugin: 'acl',
    what: 'what the gateway says of the groups, taken away by Connection',
    attempt: get('/acl', ANN, 'Connection: close, x-consumer-groups'),
    sees: /^x-consumer-groups: (?:friends, family|family, friends)$/im,
  },
  {
    plugin: 'acl',
    what: 'a group of its own word',
    attempt: get('/acl', 'apikey: bob-key', 'X-Consumer-Groups: friends'),
  },
  {
    plugin: 'key-auth',
    what: 'a guest who says it is none',
    attempt: get('/guest', 'X-Anonymous-Consumer: false', 'X-Consumer-Username: ann'),
    sees: /^x-anonymous-consumer: true$/im,
    unseen: /^x-consumer-username: ann$/im,
  },
]

/** Attempts on key-auth: odd keys, odd places, odd paths, and what the upstream is told. */
export const KEY_DOORS: readonly SideDoor[] = [
  ...values,
  ...queries,
  ...elsewhere,
  ...spellings,
  ...hidden,
  ...claims,
]
