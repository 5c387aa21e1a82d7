import { ANN, basic, KEY } from './rows-consumer.ts'
import { type PluginRow, refused } from './rows-row.ts'

const BASIC = { name: 'basic-auth' }
const ANONYMOUS = { 'x-consumer-username': 'guest', 'x-anonymous-consumer': 'true' }

const key = (config: object) => [{ name: 'key-auth', config }]

const basicAuth: readonly PluginRow[] = [
  {
    what: 'basic-auth: no credentials',
    plugins: [BASIC],
    status: 401,
    headers: { 'www-authenticate': 'Basic realm="service"' },
    body: refused('Unauthorized'),
  },
  {
    what: 'basic-auth: a realm',
    plugins: [{ name: 'basic-auth', config: { realm: 'shop' } }],
    status: 401,
    headers: { 'www-authenticate': 'Basic realm="shop"' },
  },
  {
    what: 'basic-auth: a wrong password',
    plugins: [BASIC],
    asked: { headers: { authorization: basic('ann:x') } },
    status: 401,
    headers: { 'www-authenticate': 'Basic realm="service"' },
    body: refused('Unauthorized'),
  },
  {
    what: 'basic-auth: an unknown name',
    plugins: [BASIC],
    asked: { headers: { authorization: basic('nobody:ann-password') } },
    status: 401,
    body: refused('Unauthorized'),
  },
  {
    what: 'basic-auth: no base64',
    plugins: [BASIC],
    asked: { headers: { authorization: 'Basic ***' } },
    status: 401,
    body: refused('Unauthorized'),
  },
  {
    what: 'basic-auth: another scheme',
    plugins: [BASIC],
    asked: { headers: { authorization: basic('ann:ann-password').replace('Basic', 'Bearer') } },
    status: 401,
    body: refused('Unauthorized'),
  },
  {
    what: 'basic-auth: the right one, hidden',
    plugins: [{ name: 'basic-auth', config: { hide_credentials: true } }],
    asked: { headers: { authorization: basic('ann:ann-password') } },
    status: 200,
    upstream: {
      'x-consumer-username': 'ann',
      'x-credential-identifier': 'ann',
      authorization: null,
    },
  },
  {
    what: 'basic-auth: the right one for a proxy',
    plugins: [BASIC],
    asked: { headers: { 'proxy-authorization': basic('ann:ann-password') } },
    status: 200,
    upstream: { 'x-consumer-username': 'ann' },
  },
  {
    what: 'basic-auth: nobody known, a guest',
    plugins: [{ name: 'basic-auth', config: { anonymous: 'guest' } }],
    status: 200,
    upstream: ANONYMOUS,
  },
]

const both: readonly PluginRow[] = [
  {
    what: 'two plugins: one of two is not enough',
    plugins: [KEY, BASIC],
    asked: ANN,
    status: 401,
    headers: { 'www-authenticate': 'Basic realm="service"' },
  },
  {
    what: 'two plugins with a guest: one of two is enough',
    plugins: [
      ...key({ anonymous: 'guest' }),
      { name: 'basic-auth', config: { anonymous: 'guest' } },
    ],
    asked: ANN,
    status: 200,
    upstream: { 'x-consumer-username': 'ann', 'x-anonymous-consumer': null },
  },
  {
    what: 'two plugins with a guest: none of two',
    plugins: [
      ...key({ anonymous: 'guest' }),
      { name: 'basic-auth', config: { anonymous: 'guest' } },
    ],
    status: 200,
    upstream: ANONYMOUS,
  },
  {
    what: 'two plugins with a guest who may not',
    plugins: [...key({ anonymous: 'guest' }), { name: 'request-termination' }],
    status: 503,
    body: '{"message":"Service unavailable"}',
  },
]

const acl: readonly PluginRow[] = [
  {
    what: 'acl: nobody known',
    plugins: [{ name: 'acl', config: { allow: ['friends'] } }],
    status: 401,
    body: refused('Unauthorized'),
  },
  {
    what: 'acl: of a group that may',
    plugins: [KEY, { name: 'acl', config: { allow: ['friends'] } }],
    asked: ANN,
    status: 200,
    upstream: { 'x-consumer-groups': /^(friends, family|family, friends)$/ },
  },
  {
    what: 'acl: of no group that may',
    plugins: [KEY, { name: 'acl', config: { allow: ['foes'] } }],
    asked: ANN,
    status: 403,
    body: refused('You cannot consume this service'),
  },
  {
    what: 'acl: of a group that may not',
    plugins: [KEY, { name: 'acl', config: { deny: ['family'] } }],
    asked: ANN,
    status: 403,
    body: refused('You cannot consume this service'),
  },
  {
    what: 'acl: of no group, where some may not',
    plugins: [KEY, { name: 'acl', config: { deny: ['family'] } }],
    asked: { headers: { apikey: 'bob-key' } },
    status: 200,
  },
  {
    what: 'acl: groups untold, and none of a client',
    plugins: [KEY, { name: 'acl', config: { allow: ['friends'], hide_groups_header: true } }],
    asked: { headers: { apikey: 'ann-key', 'x-consumer-groups': 'admins' } },
    status: 200,
    upstream: { 'x-consumer-groups': null },
  },
  {
    what: 'acl: a guest of no group',
    plugins: [...key({ anonymous: 'guest' }), { name: 'acl', config: { allow: ['friends'] } }],
    status: 401,
    body: refused('Unauthorized'),
  },
]

const others: readonly PluginRow[] = [
  {
    what: 'ldap-auth: no credentials',
    plugins: [
      {
        name: 'ldap-auth',
        config: { ldap_host: '127.0.0.1', ldap_port: 1, base_dn: 'dc=x', attribute: 'cn' },
      },
    ],
    status: 401,
    headers: { 'www-authenticate': 'LDAP' },
    body: refused('Unauthorized'),
  },
  {
    what: 'ldap-auth: no directory',
    plugins: [
      {
        name: 'ldap-auth',
        config: { ldap_host: '127.0.0.1', ldap_port: 1, base_dn: 'dc=x', attribute: 'cn' },
      },
    ],
    asked: { headers: { authorization: basic('ann:x').replace('Basic', 'LDAP') } },
    status: 500,
    body: refused('An unexpected error occurred'),
  },
  {
    what: 'session: a cookie for whoever proved to be somebody',
    plugins: [KEY, { name: 'session', config: { secret: 'not-so-secret', cookie_secure: false } }],
    asked: ANN,
    status: 200,
    headers: { 'set-cookie': /^session=[^;]+;.*HttpOnly/ },
  },
  {
    what: 'session: a cookie of nobody',
    plugins: [KEY, { name: 'session', config: { secret: 'not-so-secret' } }],
    asked: { headers: { cookie: 'session=AAAA' } },
    status: 401,
    headers: { 'set-cookie': null },
    body: refused('No API key found in request'),
  },
]

/** Who may pass, by password, group, directory and cookie. */
export const AUTHENTICATION_ROWS: readonly PluginRow[] = [...basicAuth, ...both, ...acl, ...others]
