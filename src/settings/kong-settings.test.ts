import { describe, expect, it } from 'vitest'
import { isAlreadySo } from './already-so.ts'
import { fillErrorTemplate, parseErrorTemplate } from './error-template.ts'
import { pluginFiles, unknownPlugins } from './plugin-names.ts'
import { readSettings, settingsOfEnvironment } from './read.ts'
import { tracingWarning } from './tracing.ts'

const read = (values: Record<string, string>) => readSettings([new Map(Object.entries(values))])
const errorsOf = (values: Record<string, string>) => {
  const got = read(values)
  return got.ok ? [] : got.errors
}

describe('what Kong says of a bad value', () => {
  const servers = (got: string) =>
    `dns_resolver must be a comma separated list in the form of IPv4/6 or IPv4/6:port, got '${got}'`
  const TRACES = 'invalid tracing types: off, other types are mutually exclusive'
  it.each([
    ['node_id', 'me', 'node_id must be a valid UUID'],
    ['port_maps', '80', 'invalid port mapping (`port_maps`): 80'],
    ['port_maps', '80:8000, 0:1', 'invalid port mapping (`port_maps`): 0:1'],
    ['port_maps', '80:65536', 'invalid port mapping (`port_maps`): 80:65536'],
    ['tracing_instrumentations', 'request, clocks', 'invalid tracing type: clocks'],
    ['tracing_instrumentations', 'off, request', TRACES],
    ['tracing_sampling_rate', '1.1', 'tracing_sampling_rate must be between 0 and 1'],
    ['tracing_sampling_rate', '-1', 'tracing_sampling_rate must be between 0 and 1'],
    ['headers_upstream', 'X-Kong-Request-Id, via', "headers_upstream: invalid entry 'via'"],
    ['upstream_keepalive_pool_size', '-1', 'upstream_keepalive_pool_size must be 0 or greater'],
    [
      'upstream_keepalive_max_requests',
      '-1',
      'upstream_keepalive_max_requests must be 0 or greater',
    ],
    [
      'upstream_keepalive_idle_timeout',
      '-0.5',
      'upstream_keepalive_idle_timeout must be 0 or greater',
    ],
    [
      'error_default_type',
      'text/xml',
      "error_default_type has an invalid value: 'text/xml' (application/json, application/xml, text/html, text/plain)",
    ],
    [
      'log_level',
      'loud',
      "log_level has an invalid value: 'loud' (debug, info, notice, warn, error, crit, alert, emerg)",
    ],
    ['lua_max_uri_args', '0', 'lua_max_uri_args must be an integer between 1 and 1000'],
    ['lua_max_uri_args', '1001', 'lua_max_uri_args must be an integer between 1 and 1000'],
    ['lua_max_uri_args', '1.5', 'lua_max_uri_args must be an integer between 1 and 1000'],
    ['dns_resolver', 'ns.test', servers('ns.test')],
    ['dns_resolver', '1.2.3.4:53;4.3.2.1', servers('1.2.3.4:53;4.3.2.1')],
    ['dns_resolver', '1.2.3.4, 1.2.3.4:65536', servers('1.2.3.4,1.2.3.4:65536')],
    ['admin_gui_path', 'manager', "admin_gui_path must start with a slash ('/')"],
    ['admin_gui_path', '/manager/', "admin_gui_path must not end with a slash ('/')"],
    ['admin_gui_path', '/a//b', "admin_gui_path must not contain continuous slashes ('/')"],
  ])('%s = %s', (name, value, error) => {
    expect(errorsOf({ [name]: value })).toEqual([error])
  })

  it.each([
    [{ client_ssl_cert: 'a.pem' }, 'client_ssl_cert_key must be specified'],
    [{ client_ssl_cert_key: 'a.pem' }, 'client_ssl_cert must be specified'],
  ])('half a pair for upstreams: %j', (half, error) => {
    expect(errorsOf({ client_ssl: 'on', ...(half as Record<string, string>) })).toEqual([error])
    expect(errorsOf(half as Record<string, string>)).toEqual([])
  })
})

describe('a list with off in it', () => {
  it.each([
    ['off', []],
    ['off, key-auth', []],
    ['key-auth, off, basic-auth', ['key-auth', 'basic-auth']],
    ['key-auth, bundled', undefined],
  ])('loads plugins = %s', (plugins, names) => {
    const got = read({ plugins })
    expect(got.ok && got.settings.plugins).toEqual(names)
  })

  it('has nobody look at what it turned off', () => {
    expect(unknownPlugins({ plugins: ['off', 'nope'] }, [])).toEqual([])
    expect(pluginFiles({ plugins: ['off', './mine.ts'] })).toEqual([])
    expect(unknownPlugins({ plugins: ['nope', 'off'] }, [])).toHaveLength(1)
  })

  it.each([
    ['off, via', []],
    ['Via, off, Server', ['via', 'server']],
  ])('sends headers = %s', (headers, names) => {
    const got = read({ headers })
    expect(got.ok && [...got.settings.headers]).toEqual(names)
  })
})

it('takes name servers by their addresses, with and without a port', () => {
  const servers = '198.51.100.0,1.2.3.4:53, ::1,[::1]:53,[::1]'
  expect(errorsOf({ dns_resolver: servers })).toEqual([])
})

it('takes the level of a log that is all but silent', () => {
  expect(read({ log_level: 'emerg' })).toMatchObject({ settings: { logLevel: 'emerg' } })
})

it("takes nginx' own names of the real-ip settings, before the others", () => {
  const ours = { real_ip_header: 'X-Other', real_ip_recursive: 'off' }
  const theirs = {
    nginx_proxy_real_ip_header: 'X-Forwarded-For',
    nginx_proxy_real_ip_recursive: 'on',
  }
  const settings = { realIpHeader: 'x-forwarded-for', realIpRecursive: true }
  const shown = { real_ip_header: 'X-Forwarded-For', real_ip_recursive: true }
  expect(read({ ...ours, ...theirs })).toMatchObject({ settings: { ...settings, shown } })
  const [variable, value] = ['KONG_NGINX_PROXY_REAL_IP_HEADER', 'X-Forwarded-For']
  const { values, unknown } = settingsOfEnvironment([[variable, value]])
  expect([...values, ...unknown]).toEqual([['nginx_proxy_real_ip_header', value]])
})

it('maps ports, and says nothing where none is mapped', () => {
  const got = read({ port_maps: '80:8000, 443:8443' })
  expect(got).toMatchObject({
    settings: { portMaps: new Map([[8000, 80], [8443, 443]]) }, // biome-ignore format: pairs
  })
  expect(got.ok && got.settings.shown.port_maps).toEqual(['80:8000', '443:8443'])
  const none = read({})
  expect(none.ok && none.settings.portMaps).toBeUndefined()
})

it.each([
  [{}, { poolSize: 512, maxRequests: 10_000, idleTimeout: 60_000 }],
  [
    {
      upstream_keepalive_pool_size: '0',
      upstream_keepalive_max_requests: '0',
      upstream_keepalive_idle_timeout: '0',
    },
    { poolSize: 0, maxRequests: Infinity, idleTimeout: Infinity },
  ],
])('keeps connections to upstreams as %j says', (values, keepalive) => {
  expect(read(values)).toMatchObject({ process: { keepalive } })
})

it.each([
  ['', { requests: true, tries: true }],
  ['all', { requests: true, tries: true }],
  ['off', { requests: false, tries: false }],
  ['request', { requests: true, tries: false }],
  ['router, balancer', { requests: true, tries: true }],
])('makes spans for tracing_instrumentations = "%s"', (tracing_instrumentations, tracing) => {
  const samplingRate = 0.25
  expect(read({ tracing_instrumentations, tracing_sampling_rate: '.25' })).toMatchObject({
    settings: { tracing: { ...tracing, samplingRate } },
  })
})

it('says which spans there are not', () => {
  const said = (kinds: string[]) => tracingWarning({ tracing_instrumentations: kinds })
  expect(said(['request', 'router', 'db_query'])).toContain('no spans of router, db_query here')
  expect([said([]), said(['all']), said(['off']), said(['balancer'])]).toEqual(
    Array(4).fill(undefined),
  )
})

it('shows addresses and numbers as they are written', () => {
  const got = read({ proxy_listen: '[::]:8000', tracing_sampling_rate: '0.5' })
  expect(got.ok && got.settings.shown).toMatchObject({
    tracing_sampling_rate: 0.5,
    proxy_listeners: [{ ip: '::', port: 8000, listener: '[::]:8000' }],
  })
})

it('shows no key and no configuration', () => {
  const key = 'ssl_cert_key'
  const got = read({ [key]: 'k', [`client_${key}`]: 'k', declarative_config_string: 'secret' })
  expect(got.ok && got.settings.shown).toMatchObject({
    ssl_cert_key: '******',
    client_ssl_cert_key: '******',
    declarative_config_string: '******',
  })
})

it('names what it does not know, unless that is so anyway', () => {
  const { unknown } = settingsOfEnvironment([
    ['KONG_ANONYMOUS_REPORTS', 'off'],
    ['KONG_VITALS', 'on'],
    ['KONG_ROLE', 'traditional'],
    ['KONG_LUA_MAX_REQ_HEADERS', '1'],
  ])
  expect(unknown).toEqual(['KONG_LUA_MAX_REQ_HEADERS', 'KONG_VITALS'])
  expect(isAlreadySo('constructor', 'off')).toBe(false)
})

it('takes for granted who wants to see as much as Kong shows, or more', () => {
  const { unknown } = settingsOfEnvironment([
    ['KONG_LUA_MAX_REQ_HEADERS', '100'],
    ['KONG_LUA_MAX_RESP_HEADERS', '1000'],
    ['KONG_LUA_MAX_POST_ARGS', '500'],
    ['KONG_LUA_MAX_POST_BODIES', '500'],
  ])
  expect(unknown).toEqual(['KONG_LUA_MAX_POST_BODIES'])
  expect(isAlreadySo('lua_max_post_args', '99')).toBe(false)
  expect(isAlreadySo('lua_max_post_args', '1001')).toBe(false)
  expect(isAlreadySo('lua_max_post_args', 'many')).toBe(false)
})

it.each([
  [{}, 100],
  [{ lua_max_uri_args: '1' }, 1],
  [{ lua_max_uri_args: '1000' }, 1000],
])('of a query, with %j, so many arguments are seen: %i', (values, most) => {
  const got = read(values as Record<string, string>)
  expect(got.ok && got.settings.maxQueryArgs).toBe(most)
})

describe('the template of an error', () => {
  it.each([
    ['plain', 'plain'],
    ['<%s>', '<m>'],
    ['<%s> [%s]', '<m> [id]'],
    ['%s %s 100%% width:5%;', 'm id 100% width:5%;'],
    ['%%s', '%s'],
  ])('%s', (text, filled) => {
    const template = parseErrorTemplate(text)
    const parts = { message: 'm', requestId: 'id' }
    expect(template && fillErrorTemplate(template, parts)).toBe(filled)
  })

  it('has no place for a third thing', () => {
    expect(parseErrorTemplate('%s %s %s')).toBeUndefined()
  })
})
