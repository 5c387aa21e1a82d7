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
    ['proxy_listen', '0.0.0.0:8443 http2 ssl', '"http2" of'],
    ['proxy_listen', '0.0.0.0:8443 ssl', 'ssl_cert: an ssl listener needs it'],
    ['trusted_ips', '10.0.0.0/8, x', '"x" is not an address'],
    ['connect_backoff', 'soon', 'not a number'],
    ['database', 'postgres', 'not one of file, memory, off'],
    ['router_flavor', 'expressions', 'not one of traditional_compatible'],
    ['headers', 'x-nope', '"x-nope" is not a header of ours'],
    ['log_level', 'loud', 'not one of debug'],
  ])('refuses %s = %s', (name, value, reason) => {
    const got = read({ [name]: value })
    expect(got.ok).toBe(false)
    expect(got.ok ? '' : got.errors.join()).toContain(reason)
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
