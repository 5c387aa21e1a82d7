import { describe, expect, it } from 'vitest'
import { violationsOf } from '../../../test/plugins/configs.ts'
import { leastConfigs } from '../../../test/plugins/least-configs.ts'

const badHeader = (name: string) =>
  `bad header name '${name}', allowed characters are A-Z, a-z, 0-9, '_', and '-'`

describe('a field of a config', () => {
  it.each([
    ['http-log', 'http_endpoint', 'localhost:80/x', 'missing host in url'],
    ['http-log', 'http_endpoint', '//localhost/x', 'missing scheme in url'],
    ['http-log', 'http_endpoint', '{vault://env/endpoint}', undefined],
    ['http-log', 'headers', { Host: 'x' }, "cannot contain 'Host' header"],
    ['http-log', 'headers', { 'a b': 'x' }, badHeader('a b')],
    ['zipkin', 'http_endpoint', 'zipkin', 'missing host in url'],
    ['zipkin', 'static_tags', tags('a', 'b', 'a'), 'repeated tags are not allowed: a'],
    ['zipkin', 'static_tags', tags('a', 'b'), undefined],
    ['opentelemetry', 'traces_endpoint', 'collector', 'missing host in url'],
    ['opentelemetry', 'headers', { 'a b': 'x' }, badHeader('a b')],
    ['redirect', 'location', 'https://', 'missing host in url'],
    ['redirect', 'location', 'https://[::1]:8080/a', undefined],
    ['acme', 'api_uri', 'letsencrypt', 'missing host in url'],
    ['acme', 'account_email', 'nobody', 'invalid value: nobody'],
    [
      'acme',
      'domains',
      ['a.com', '*.*.com', 'a.*.com'],
      [
        null,
        'invalid wildcard: must have at most one wildcard',
        'invalid wildcard: must be placed at leftmost or rightmost label',
      ],
    ],
    [
      'acme',
      'storage_config',
      { redis: { extra_options: { namespace: 'kong_acme:cert_key:a' } } },
      {
        redis: {
          extra_options: {
            namespace: "namespace can't be prefixed with reserved word: kong_acme:cert_key:",
          },
        },
      },
    ],
    ['aws-lambda', 'aws_sts_endpoint_url', 'sts', 'missing host in url'],
    ['aws-lambda', 'host', 'a b', 'invalid value: a b'],
    ['tcp-log', 'host', 'a:80', 'must not have a port'],
    ['udp-log', 'host', 'a b', 'invalid value: a b'],
    ['loggly', 'host', 'a b', 'invalid value: a b'],
    ['statsd', 'host', 'a b', 'invalid value: a b'],
    ['statsd', 'allow_status_codes', ['200-299', '2xx'], [null, 'invalid value: 2xx']],
    ['datadog', 'host', 'a b', 'invalid value: a b'],
    ['ldap-auth', 'ldap_host', 'a b', 'invalid value: a b'],
    ['rate-limiting', 'redis', { host: 'a b' }, { host: 'invalid value: a b' }],
    ['rate-limiting', 'redis', { server_name: '1.2.3.4' }, { server_name: 'must not be an IP' }],
    ['rate-limiting', 'path', 'a', 'should start with: /'],
    ['key-auth', 'key_names', ['ok', 'no good'], [null, badHeader('no good')]],
    ['request-termination', 'trigger', 'a b', badHeader('a b')],
    ['ip-restriction', 'allow', ['1.2.3.4', 'x'], [null, "invalid ip or cidr range: 'x'"]],
    ['bot-detection', 'deny', ['good', '(bad'], [null, 'not a valid regex: (bad']],
    ['cors', 'origins', ['*'], undefined],
    ['cors', 'origins', ['https://a.com', '(bad'], [null, "'(bad' is not a valid regex"]],
    ['file-log', 'path', '/tmp/a.log ', 'not a valid filename'],
    ['file-log', 'path', '/tmp/*.log', 'not a valid filename'],
    ['jwt', 'maximum_expiration', -1, 'value should be between 0 and 31536000'],
    ['hmac-auth', 'clock_skew', 0, 'value must be greater than 0'],
    ['proxy-cache', 'strategy', 'redis', 'expected one of: memory'],
    ['prometheus', 'per_consumer', 'yes', 'expected a boolean'],
    ['session', 'cookie_same_site', 'off', 'expected one of: Strict, Lax, None, Default'],
  ])('of %s: %s may be %j: %j', (name, field, value, error) => {
    const config = { ...leastConfigs[name], [field]: value }
    expect(violationsOf(name, config)).toEqual(error && { config: { [field]: error } })
  })
})

describe('a config as a whole', () => {
  const authorization = { Authorization: 'x' }
  it.each([
    ['request-termination', { message: 'm', body: 'b' }, mixed()],
    ['request-termination', { message: 'm', content_type: 't' }, mixed()],
    ['request-termination', { content_type: 't' }, 'content_type requires a body'],
    [
      'request-termination',
      { echo: true, body: 'b' },
      'echo cannot be used with content_type and body',
    ],
    ['request-termination', { echo: true, message: 'm' }, undefined],
    ['request-termination', { content_type: 't', body: 'b' }, undefined],
    [
      'oauth2',
      {},
      'at least one of these fields must be true: enable_authorization_code, ' +
        'enable_implicit_grant, enable_client_credentials, enable_password_grant',
    ],
    [
      'http-log',
      { http_endpoint: 'http://me:secret@a.com', headers: authorization },
      "specifying both an 'Authorization' header and user info in 'http_endpoint' is not allowed",
    ],
    ['http-log', { http_endpoint: 'http://a.com/@', headers: authorization }, undefined],
  ])('of %s: %j: %s', (name, config, error) => {
    expect(violationsOf(name, config)).toEqual(error && { config: error })
  })

  it.each([
    ['aws-lambda', { proxy_url: 'https://proxy' }, 'proxy_url scheme must be http'],
    ['aws-lambda', { proxy_url: 'http://proxy' }, undefined],
    [
      'aws-lambda',
      { aws_key: 'k' },
      "all or none of these fields must be set: 'config.aws_key', 'config.aws_secret'",
    ],
    [
      'acl',
      { allow: ['a'], deny: ['b'] },
      "exactly one of these fields must be non-empty: 'config.allow', 'config.deny'",
    ],
    [
      'ip-restriction',
      {},
      "at least one of these fields must be non-empty: 'config.allow', 'config.deny'",
    ],
    [
      'pre-function',
      {},
      "at least one of these fields must be non-empty: 'config.certificate', 'config.rewrite', " +
        "'config.access', 'config.header_filter', 'config.body_filter', 'config.log'",
    ],
  ])('of %s: %j: %s', (name, config, error) => {
    expect(violationsOf(name, config)).toEqual(error && { '@entity': [error] })
  })

  it.each([
    [
      { route_type: 'llm/v1/completions', logging: { log_statistics: true } },
      'anthropic does not support statistics when route_type is llm/v1/completions',
    ],
    [{ route_type: 'llm/v1/chat', logging: { log_statistics: true } }, undefined],
    [{ route_type: 'llm/v1/completions' }, undefined],
  ])('of ai-proxy: %j: %s', (rest, error) => {
    const model = { provider: 'anthropic', options: { anthropic_version: '2023-06-01' } }
    const config = { ...leastConfigs['ai-proxy'], model, ...rest }
    expect(violationsOf('ai-proxy', config)).toEqual(error && { config: { '@entity': [error] } })
  })

  it.each([
    ['azure', "must set 'model.options.azure_instance' for azure provider"],
    ['llama2', "must set 'model.options.llama2_format' for llama2 provider"],
  ])('of ai-proxy for %s: %s', (provider, error) => {
    const config = { ...leastConfigs['ai-proxy'], model: { provider } }
    expect(violationsOf('ai-proxy', config)).toMatchObject({
      config: { '@entity': expect.arrayContaining([error]) },
    })
  })
})

function mixed(): string {
  return 'message cannot be used with content_type or body'
}

function tags(...names: string[]): object[] {
  return names.map((name) => ({ name, value: 'x' }))
}
