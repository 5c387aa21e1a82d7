const WHOLE: Readonly<Record<string, string>> = {
  id: 'ID',
  kid: 'Key ID',
  jwk: 'JWK',
  pem: 'PEM',
  snis: 'SNIs',
  url: 'URL',
  applied: 'Applied to',
  cert: 'Certificate',
  cert_alt: 'Alternative certificate',
  updated_at: 'Modified',
  created_at: 'Created',
}

const PARTS: Readonly<Record<string, string>> = {
  id: 'ID',
  http: 'HTTP',
  https: 'HTTPS',
  tcp: 'TCP',
  tls: 'TLS',
  ssl: 'SSL',
  sni: 'SNI',
  ca: 'CA',
  uri: 'URI',
  url: 'URL',
  srv: 'SRV',
  ip: 'IP',
  ttl: 'TTL',
}

/** A field's name as people read it: `connect_timeout` is `Connect timeout`, `service.id` is `Service`. */
export function wordsOf(field: string): string {
  const name = field.replace(/\.id$/, '')
  const whole = WHOLE[name]
  if (whole !== undefined) return whole
  const text = name
    .split(/[._]/)
    .map((part) => PARTS[part] ?? part)
    .join(' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}
