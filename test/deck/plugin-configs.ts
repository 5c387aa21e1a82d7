/** What a plugin's config must at least say. */
export type Config = Readonly<Record<string, unknown>>

const llm = {
  route_type: 'llm/v1/chat',
  auth: { header_name: 'Authorization', header_value: 'Bearer x' },
  model: { provider: 'openai', name: 'gpt-4' },
}

/** A small valid config for every bundled plugin; it leaves to the schema all that it can. */
export const pluginConfigs: Readonly<Record<string, Config>> = {
  acl: { allow: ['gold'] },
  acme: { account_email: 'ops@example.com', storage_config: { kong: {} } },
  'ai-prompt-decorator': { prompts: { prepend: [{ role: 'system', content: 'Be short.' }] } },
  'ai-prompt-guard': { allow_patterns: ['.*weather.*'] },
  'ai-prompt-template': { templates: [{ name: 'greet', template: '{"prompt":"Hi {{name}}"}' }] },
  'ai-proxy': llm,
  'ai-request-transformer': { prompt: 'Translate to French', llm },
  'ai-response-transformer': { prompt: 'Translate to French', llm },
  'aws-lambda': { aws_region: 'eu-west-1', function_name: 'hello' },
  'azure-functions': { appname: 'app', functionname: 'hello' },
  'basic-auth': {},
  'bot-detection': {},
  'correlation-id': {},
  cors: {},
  datadog: {},
  'file-log': { path: '/tmp/requests.log' },
  'grpc-gateway': {},
  'grpc-web': {},
  'hmac-auth': {},
  'http-log': { http_endpoint: 'http://logs.example.com:9000/in' },
  'ip-restriction': { allow: ['10.0.0.0/8'] },
  jwt: {},
  'key-auth': {},
  'ldap-auth': { ldap_host: 'ldap.example.com', base_dn: 'dc=example,dc=com', attribute: 'cn' },
  loggly: { key: 'token' },
  oauth2: { enable_client_credentials: true, provision_key: 'p' },
  opentelemetry: { traces_endpoint: 'http://otel.example.com:4318/v1/traces' },
  'post-function': { log: ['return'] },
  'pre-function': { access: ['return'] },
  prometheus: {},
  'proxy-cache': { strategy: 'memory' },
  'rate-limiting': { minute: 10 },
  redirect: { location: 'https://example.com/' },
  'request-size-limiting': {},
  'request-termination': {},
  'request-transformer': {},
  'response-ratelimiting': { limits: { video: { minute: 10 } } },
  'response-transformer': {},
  session: { secret: 'a-secret-of-some-length' },
  'standard-webhooks': { secret_v1: 'whsec_x' },
  statsd: {},
  syslog: {},
  'tcp-log': { host: 'logs.example.com', port: 9000 },
  'udp-log': { host: 'logs.example.com', port: 9000 },
  zipkin: {},
}

/** Configs with more in them: nested records, lists of records, maps, and what is null on purpose. */
export const richerConfigs: readonly { readonly name: string; readonly config: Config }[] = [
  { name: 'rate-limiting', config: { minute: 5, policy: 'redis', redis: { host: 'r', port: 1 } } },
  { name: 'rate-limiting', config: { minute: 5, limit_by: 'header', header_name: 'x-tier' } },
  { name: 'rate-limiting', config: { minute: 5, error_message: null } },
  { name: 'cors', config: { origins: ['https://b.example', 'https://a.example'], max_age: 10 } },
  { name: 'http-log', config: { http_endpoint: 'http://l/', headers: { b: '1', a: '2' } } },
  { name: 'http-log', config: { http_endpoint: 'http://l/', queue: { max_batch_size: 20 } } },
  {
    name: 'statsd',
    config: { metrics: [{ name: 'request_count', stat_type: 'counter', sample_rate: 1 }] },
  },
  {
    name: 'datadog',
    config: { metrics: [{ name: 'latency', stat_type: 'timer', tags: ['b', 'a'] }] },
  },
  { name: 'response-ratelimiting', config: { limits: { a: { hour: 2 }, b: { day: 9 } } } },
  {
    name: 'request-transformer',
    config: { add: { headers: ['x-a:1', 'x-b:2'] }, remove: { querystring: ['q'] } },
  },
  { name: 'jwt', config: { claims_to_verify: ['nbf', 'exp'], maximum_expiration: 60 } },
  { name: 'zipkin', config: { static_tags: [{ name: 'a', value: 'b' }], sample_ratio: 1 } },
  { name: 'acl', config: { deny: ['b', 'a'], hide_groups_header: true } },
  { name: 'proxy-cache', config: { strategy: 'memory', response_headers: { age: false } } },
  { name: 'key-auth', config: { key_names: ['x-key', 'apikey'], anonymous: 'guest' } },
]

/** Configs in the names of earlier versions. */
export const oldConfigs: readonly { readonly name: string; readonly config: Config }[] = [
  { name: 'rate-limiting', config: { minute: 5, policy: 'redis', redis_host: 'r', redis_port: 1 } },
  {
    name: 'rate-limiting',
    config: { minute: 5, policy: 'redis', redis_host: 'r', redis_timeout: 9, redis_ssl: true },
  },
  {
    name: 'response-ratelimiting',
    config: {
      limits: { a: { hour: 2 } },
      policy: 'redis',
      redis_host: 'r',
      redis_database: 3,
    },
  },
  { name: 'opentelemetry', config: { endpoint: 'http://otel.example.com:4318/v1/traces' } },
  {
    name: 'acme',
    config: {
      account_email: 'a@b.c',
      storage: 'redis',
      storage_config: { kong: {}, redis: { host: 'r', port: 6379, database: 0, auth: 'pw' } },
    },
  },
]

/** Old names of which the schema does not say what they became: decK finds these changed for ever. */
export const untracedConfigs: readonly { readonly name: string; readonly config: Config }[] = [
  { name: 'session', config: { secret: 's', cookie_lifetime: 100, cookie_idletime: 50 } },
  { name: 'session', config: { secret: 's', cookie_samesite: 'Lax', cookie_httponly: false } },
]
