/** Words that are not written as they are spelled in a field's name. */
const SPELLED: Readonly<Record<string, string>> = {
  acl: 'ACL',
  ai: 'AI',
  api: 'API',
  aws: 'AWS',
  ca: 'CA',
  cors: 'CORS',
  dns: 'DNS',
  grpc: 'gRPC',
  hmac: 'HMAC',
  http: 'HTTP',
  https: 'HTTPS',
  id: 'ID',
  ids: 'IDs',
  ip: 'IP',
  jwk: 'JWK',
  jwt: 'JWT',
  kid: 'Key ID (kid)',
  ldap: 'LDAP',
  llm: 'LLM',
  oauth2: 'OAuth 2.0',
  opentelemetry: 'OpenTelemetry',
  pem: 'PEM',
  rsa: 'RSA',
  sni: 'SNI',
  snis: 'SNIs',
  srv: 'SRV',
  ssl: 'SSL',
  statsd: 'StatsD',
  tcp: 'TCP',
  tls: 'TLS',
  ttl: 'TTL',
  udp: 'UDP',
  uri: 'URI',
  uris: 'URIs',
  url: 'URL',
}

/** What to call a field: `hash_on_cookie` is `Hash on cookie`. Of a path its last step counts. */
export function labelOf(path: string): string {
  const name = path.split('.').findLast((step) => !/^\d+$/.test(step)) ?? path
  return sentence(name.split(/[_-]/).filter((word) => word !== ''))
}

/** A plugin's name as a title: `key-auth` is `Key Auth`. */
export function titleOf(name: string): string {
  return name
    .split('-')
    .map((word) => SPELLED[word] ?? capital(word))
    .join(' ')
}

function sentence(words: readonly string[]): string {
  return words.map((word, i) => SPELLED[word] ?? (i === 0 ? capital(word) : word)).join(' ')
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** What Kong says, where it can be said better. */
const BETTER: Readonly<Record<string, string>> = {
  'required field missing': 'This must be filled in',
  'unknown field': 'The gateway does not know this field',
  'value must be null': 'This must be empty here',
  'length must be at least 1': 'This must not be empty',
}

/** A text of Kong as a sentence for people. */
export function inWords(text: string): string {
  return BETTER[text] ?? capital(text)
}
