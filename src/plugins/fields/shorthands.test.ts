import { describe, expect, it } from 'vitest'
import { insertPlugin, storedConfig, tableOf, violationsOf } from '../../../test/plugins/configs.ts'
import { showRow } from '../../schema/shown.ts'

describe('fields of before', () => {
  it.each([
    ['rate-limiting', { minute: 1, redis_host: 'r' }, { redis: { host: 'r', port: 6379 } }],
    [
      'rate-limiting',
      { minute: 1, redis_ssl: true, redis_timeout: 9 },
      { redis: { ssl: true, timeout: 9 } },
    ],
    ['response-ratelimiting', { limits: { a: { day: 1 } }, redis_port: 7 }, { redis: { port: 7 } }],
    ['opentelemetry', { endpoint: 'http://c' }, { traces_endpoint: 'http://c' }],
    [
      'acme',
      { account_email: 'a@b', storage_config: { redis: { auth: 's', namespace: 'n' } } },
      {
        storage_config: {
          redis: { password: 's', extra_options: { namespace: 'n', scan_count: 10 } },
        },
      },
    ],
    ['session', { cookie_lifetime: 5, cookie_discard: 6 }, { rolling_timeout: 5, stale_ttl: 6 }],
    ['session', { cookie_idletime: 7 }, { idling_timeout: 7 }],
    ['session', { cookie_idletime: null }, { idling_timeout: 0 }],
    ['session', { cookie_samesite: 'off' }, { cookie_same_site: 'Lax' }],
    ['session', { cookie_samesite: 'None' }, { cookie_same_site: 'None' }],
    [
      'session',
      { cookie_httponly: false, cookie_persistent: true },
      { cookie_http_only: false, remember: true },
    ],
    ['session', { cookie_renew: 5 }, { rolling_timeout: 3600, idling_timeout: 900 }],
  ])('of %s: %j becomes %j', (name, config, stored) => {
    expect(storedConfig(name, config)).toMatchObject(stored)
  })

  it.each([
    ['rate-limiting', { minute: 1, redis: { host: 'r' } }, { redis_host: 'r', redis_port: 6379 }],
    [
      'acme',
      { account_email: 'a@b' },
      { storage_config: { redis: { auth: null, namespace: '', scan_count: 10 } } },
    ],
    ['opentelemetry', { logs_endpoint: 'http://c' }, { endpoint: null }],
  ])('of %s are shown beside what replaced them', (name, config, shown) => {
    expect(showRow(tableOf('plugins'), insertPlugin(name, config)).config).toMatchObject(shown)
  })

  it('of session are not shown again', () => {
    const { config } = showRow(tableOf('plugins'), insertPlugin('session', { cookie_lifetime: 5 }))
    expect(config).not.toHaveProperty('cookie_lifetime')
  })

  it('may not contradict what replaced them', () => {
    expect(
      violationsOf('rate-limiting', { minute: 1, redis_host: 'a', redis: { host: 'b' } }),
    ).toEqual({
      redis_host:
        'both deprecated and new field are used but their values mismatch: redis_host = a vs redis.host = b',
    })
  })

  it('are held to the rules of what replaced them', () => {
    expect(violationsOf('rate-limiting', { minute: 1, redis_host: 'a b' })).toEqual({
      config: { redis: { host: 'invalid value: a b' } },
    })
  })
})
