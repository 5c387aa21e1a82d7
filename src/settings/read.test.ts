import { describe, expect, it } from 'vitest'
import { readSettings, settingsOfEnvironment } from './read.ts'

const read = (values: Record<string, string>) => readSettings([new Map(Object.entries(values))])

describe('readSettings', () => {
  it("has Kong's defaults, on loopback", () => {
    const got = read({})
    expect(got).toMatchObject({
      ok: true,
      settings: { realIpHeader: 'x-real-ip', errorDefaultType: 'text/plain', connectBackoff: 200 },
      process: { proxyListen: [{ host: '127.0.0.1', port: 8000, ssl: false }], statusListen: [] },
    })
  })

  it.each([
    ['proxy_listen', '127.0.0.1', 'cannot read'],
    ['proxy_listen', '127.0.0.1:70000', 'cannot read'],
    ['proxy_listen', '0.0.0.0:8443 quic ssl', '"quic" of'],
    ['proxy_listen', 'unix:socket', 'cannot read'],
    ['stream_listen', '127.0.0.1:9000 http2', '"http2" of'],
    ['max_connections', '-1', 'not a whole number'],
    ['client_header_timeout', '0', 'it cannot be 0'],
    [
      'trusted_ips',
      '10.0.0.0/8, x',
      "trusted_ips must be a comma separated list in the form of IPv4 or IPv6 address or CIDR block or 'unix:', got 'x'",
    ],
    ['connect_backoff', 'soon', 'not a number'],
    ['proxy_listen', '', 'cannot read ""'],
    ['admin_gui_listen', '', 'cannot read ""'],
    ['database', 'postgres', "database has an invalid value: 'postgres' (file, memory, off)"],
    [
      'router_flavor',
      'atc',
      "router_flavor has an invalid value: 'atc' (traditional, traditional_compatible, expressions)",
    ],
    [
      'route_match_calculation',
      'loose',
      "route_match_calculation has an invalid value: 'loose' (original, strict)",
    ],
    ['headers', 'server_tokens,Foo-Bar', "headers: invalid entry 'Foo-Bar'"],
    ['dns_order', 'A,CXAME,SRV', "dns_order: invalid entry 'CXAME'"],
    ['log_level', 'loud', "log_level has an invalid value: 'loud' (debug,"],
    ['real_ip_recursive', 'sure', "real_ip_recursive has an invalid value: 'sure' (on, off)"],
    ['dns_no_sync', 'true', "dns_no_sync has an invalid value: 'on' (off)"],
    ['proxy_cache_storage', 'redis', 'invalid value'],
  ])('refuses %s = %s', (name, value, reason) => {
    const got = read({ [name]: value })
    expect(got.ok).toBe(false)
    expect(got.ok ? '' : got.errors.join()).toContain(reason)
  })

  it.each([
    [{}, 'memory'],
    [{ proxy_cache_storage: 'kv' }, 'kv'],
  ])('keeps answers, with %j, in %s', (values, proxyCacheStorage) => {
    const shown = { proxy_cache_storage: proxyCacheStorage }
    expect(read(values)).toMatchObject({ settings: { proxyCacheStorage, shown } })
  })

  it.each([
    [{}, 'strict'],
    [{ route_match_calculation: 'strict' }, 'strict'],
    [{ route_match_calculation: 'original' }, 'original'],
  ] as const)('weighs routes, with %j, by %s', (values, matchCalculation) => {
    const shown = { route_match_calculation: matchCalculation }
    expect(read(values)).toMatchObject({ settings: { matchCalculation, shown } })
  })

  it('refuses half a pair of files, and takes none', () => {
    const half = read({ proxy_listen: '0.0.0.0:8443 ssl', ssl_cert: 'cert.pem' })
    expect(half.ok ? [] : half.errors).toEqual(['ssl_cert_key must be specified'])
    expect(read({ proxy_listen: '0.0.0.0:8443 ssl' }).ok).toBe(true)
  })

  it('has streams of datagrams in one process alone, and shows where', () => {
    const many = read({ stream_listen: '127.0.0.1:9000 udp', workers: '2' })
    expect(many.ok ? [] : many.errors).toEqual([
      expect.stringContaining('stream_listen: udp takes workers = 1'),
    ])
    expect(read({ stream_listen: '127.0.0.1:9000', workers: '2' }).ok).toBe(true)
    const half = read({ stream_listen: '127.0.0.1:9000 ssl', ssl_cert: 'cert.pem' })
    expect(half.ok).toBe(false)
    const one = read({ stream_listen: '127.0.0.1:9000 udp' })
    expect(one.ok && one.settings.shown).toMatchObject({
      stream_listen: ['127.0.0.1:9000 udp'],
      stream_listeners: [{ port: 9000, udp: true, listener: '127.0.0.1:9000 udp' }],
    })
    expect(read({}).ok && read({})).toMatchObject({ process: { streamListen: [] } })
  })

  it('shows what listens, and takes a socket in the file system for local', () => {
    const got = read({
      proxy_listen: '127.0.0.1:8443 ssl http2 proxy_protocol',
      admin_listen: 'unix:/run/admin.sock',
      status_listen: '127.0.0.1:8007',
    })
    expect(got.ok && got.settings.shown).toMatchObject({
      proxy_listeners: [
        {
          ip: '127.0.0.1',
          port: 8443,
          ssl: true,
          http2: true,
          proxy_protocol: true,
          listener: '127.0.0.1:8443 ssl http2 proxy_protocol',
        },
      ],
      admin_listeners: [{ ip: 'unix:/run/admin.sock', listener: 'unix:/run/admin.sock' }],
      status_listeners: [{ ip: '127.0.0.1', port: 8007, listener: '127.0.0.1:8007' }],
    })
  })

  it.each([
    ['on', true],
    ['true', true],
    ['yes', true],
    ['off', false],
    ['false', false],
    ['no', false],
  ])('throws a switch by %s', (value, allowDebugHeader) => {
    const shown = { allow_debug_header: allowDebugHeader }
    expect(read({ allow_debug_header: value })).toMatchObject({
      ok: true,
      settings: { allowDebugHeader, shown },
    })
  })

  it('names every error at once', () => {
    const got = read({ database: 'x', log_level: 'y' })
    expect(got.ok ? [] : got.errors).toHaveLength(2)
  })

  it('lets the first source win', () => {
    const got = readSettings([new Map([['log_level', 'info']]), new Map([['log_level', 'warn']])])
    expect(got.ok && got.settings.logLevel).toBe('info')
  })

  it('opens header groups', () => {
    const got = read({ headers: 'latency_tokens' })
    expect(got.ok && got.settings.headers.has('x-kong-proxy-latency')).toBe(true)
    expect(got.ok && got.settings.headers.has('server')).toBe(false)
    const none = read({ headers: 'off' })
    expect(none.ok && none.settings.headers.size).toBe(0)
  })
})

describe('settingsOfEnvironment', () => {
  it('takes both prefixes, ours winning, and names what it does not know', () => {
    const got = settingsOfEnvironment([
      ['GIBBON_LOG_LEVEL', 'debug'],
      ['KONG_LOG_LEVEL', 'info'],
      ['KONG_NGINX_WORKER_PROCESSES', '2'],
      ['PATH', '/bin'],
    ])
    expect([...got.values]).toEqual([['log_level', 'debug']])
    expect(got.unknown).toEqual(['KONG_NGINX_WORKER_PROCESSES'])
  })
})
