import { describe, expect, it } from 'vitest'
import { checkEndpointKey, rowForInsert, rowForUpdate } from '../schema/validate.ts'
import { upstream } from './upstream.ts'

const id = 'a0000000-0000-4000-8000-000000000001'
const context = { now: 1795212381759, newId: () => id, secret: () => '' }
const insert = (input: object) => rowForInsert(upstream, { name: 'u', ...input }, context)
const shown = (row: ReturnType<typeof insert>) => upstream.show?.(row) ?? row

describe('upstream', () => {
  it('fills in health checks whole, from any part', () => {
    const row = insert({ healthchecks: { active: { healthy: { interval: 5 } } } })
    expect(row.healthchecks).toMatchObject({
      active: {
        type: 'http',
        timeout: 1,
        concurrency: 10,
        headers: null,
        https_sni: null,
        healthy: { interval: 5, successes: 0, http_statuses: [200, 302] },
        unhealthy: { tcp_failures: 0, http_statuses: [429, 404, 500, 501, 502, 503, 504, 505] },
      },
      passive: { type: 'http', unhealthy: { http_statuses: [429, 500, 503] } },
      threshold: 0,
    })
  })

  it.each([
    [{}, 'round-robin', 'none'],
    [{ algorithm: 'consistent-hashing' }, 'round-robin', 'none'],
    [{ algorithm: 'consistent-hashing', hash_on: null }, 'round-robin', 'none'],
    [{ algorithm: 'round-robin', hash_on: 'ip' }, 'consistent-hashing', 'ip'],
    [{ hash_on: 'ip' }, 'consistent-hashing', 'ip'],
    [{ algorithm: 'latency', hash_on: 'ip' }, 'latency', 'none'],
    [{ algorithm: 'least-connections', hash_on: 'header' }, 'least-connections', 'none'],
    [{ algorithm: 'sticky-sessions', hash_on: 'none' }, 'round-robin', 'none'],
    [{ algorithm: 'sticky-sessions', hash_on: 'ip' }, 'consistent-hashing', 'ip'],
  ])('shows %j as %s over %s', (input, algorithm, hashOn) => {
    expect(shown(insert(input))).toMatchObject({ algorithm, hash_on: hashOn })
  })

  it.each([
    [{ hash_on: 'ip' }, { algorithm: 'round-robin' }, 'consistent-hashing', 'ip'],
    [{ hash_on: 'ip' }, { hash_on: 'none' }, 'round-robin', 'none'],
    [{ algorithm: 'least-connections' }, { hash_on: 'ip' }, 'consistent-hashing', 'ip'],
    [{ algorithm: 'least-connections' }, { slots: 10 }, 'least-connections', 'none'],
    [{ hash_on: 'ip' }, { algorithm: 'latency' }, 'latency', 'none'],
  ])('%j patched with %j shows %s over %s', (input, patch, algorithm, hashOn) => {
    const row = rowForUpdate(upstream, insert(input), patch, context)
    expect(shown(row)).toMatchObject({ algorithm, hash_on: hashOn })
  })

  const failed = (...fields: string[]) => ({
    '@entity': fields.map((f) => `failed conditional validation given value of field '${f}'`),
  })

  it.each([
    [{ name: '1.2.3.4' }, { name: "Invalid name ('1.2.3.4'); no ip addresses allowed" }],
    [{ name: '', algorithm: 1, slots: 1 }, { algorithm: 'expected a string' }],
    [
      { algorithm: 1, hash_on: '' },
      { algorithm: 'expected a string', hash_on: 'length must be at least 1' },
    ],
    [{ name: 'u:80' }, { name: "Invalid name ('u:80'); no port allowed" }],
    [{ name: 'x-' }, { name: "Invalid name ('x-'); must be a valid hostname" }],
    [{ healthchecks: null }, { healthchecks: 'required field missing' }],
    [{ slots: 9 }, { slots: 'value should be between 10 and 65536' }],
    [
      { algorithm: 'sticky-sessions' },
      {
        algorithm: 'expected one of: consistent-hashing, least-connections, round-robin, latency',
      },
    ],
    [{ algorithm: 5, hash_on: 'ip' }, { algorithm: 'expected a string' }],
    [{ hash_on: 'header' }, { ...failed('hash_on'), hash_on_header: 'required field missing' }],
    [
      { hash_fallback: 'header', hash_fallback_header: 'x-a' },
      { ...failed('hash_on'), hash_fallback: 'expected one of: none' },
    ],
    [
      { hash_on: 'ip', hash_fallback: 'ip' },
      {
        ...failed('hash_on'),
        hash_fallback:
          'expected one of: none, consumer, header, cookie, path, query_arg, uri_capture',
      },
    ],
    [
      {
        hash_on: 'header',
        hash_fallback: 'header',
        hash_on_header: 'a',
        hash_fallback_header: 'a',
      },
      {
        '@entity': [
          "values of these fields must be distinct: 'hash_on_header', 'hash_fallback_header'",
        ],
      },
    ],
    [{ host_header: 'h:99999' }, { host_header: 'invalid port number' }],
    [{ hash_on_cookie_path: 'a' }, { hash_on_cookie_path: 'should start with: /' }],
  ])('refuses %j', (input, fields) => {
    expect(() => insert(input)).toThrow(expect.objectContaining({ code: 2, fields }))
  })

  it('merges a patch into the health checks', () => {
    const row = insert({ healthchecks: { passive: { unhealthy: { tcp_failures: 3 } } } })
    const patch = { healthchecks: { active: { healthy: { interval: 2, http_statuses: [204] } } } }
    expect(rowForUpdate(upstream, row, patch, context).healthchecks).toMatchObject({
      active: { healthy: { interval: 2, successes: 0, http_statuses: [204] } },
      passive: { unhealthy: { tcp_failures: 3 } },
    })
  })

  it('refuses an address as a key in a path', () => {
    expect(() => checkEndpointKey(upstream, '1.2.3.4')).toThrow(
      "Invalid name ('1.2.3.4'); no ip addresses allowed",
    )
  })
})
