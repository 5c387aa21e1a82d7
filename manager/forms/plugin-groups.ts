/** A group of the catalogue, as Kong's users know it. */
export interface PluginGroup {
  readonly title: string
  readonly names: readonly string[]
}

const KNOWN: Readonly<Record<string, string>> = {
  Authentication: 'basic-auth hmac-auth jwt key-auth ldap-auth oauth2 session',
  Security: 'acl acme bot-detection cors ip-restriction standard-webhooks',
  'Traffic Control':
    'proxy-cache rate-limiting redirect request-size-limiting request-termination response-ratelimiting',
  Serverless: 'aws-lambda azure-functions pre-function post-function',
  'Analytics & Monitoring': 'datadog opentelemetry prometheus statsd zipkin',
  Transformations: 'correlation-id grpc-gateway grpc-web request-transformer response-transformer',
  Logging: 'file-log http-log loggly syslog tcp-log udp-log',
  AI: 'ai-prompt-decorator ai-prompt-guard ai-prompt-template ai-proxy ai-request-transformer ai-response-transformer',
}

/** The plugins there are by group, in the catalogue's order; those nobody knows come last. */
export function groupPlugins(names: readonly string[], search: string): readonly PluginGroup[] {
  const wanted = search.trim().toLowerCase().replaceAll(' ', '-')
  const found = names.filter((name) => name.includes(wanted)).sort()
  const groups = Object.entries(KNOWN).map(([title, words]) => {
    const known = words.split(' ')
    return { title, names: found.filter((name) => known.includes(name)) }
  })
  const grouped = new Set(groups.flatMap((group) => group.names))
  const custom = { title: 'Custom', names: found.filter((name) => !grouped.has(name)) }
  return [...groups, custom].filter((group) => group.names.length > 0)
}
