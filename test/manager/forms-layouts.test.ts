import { describe, expect, it } from 'vitest'
import { type DraftRecord, draftAt, startingDraft, withDraftAt } from '../../manager/forms/draft.ts'
import { layoutOf } from '../../manager/forms/form-kinds.ts'
import { groupPlugins } from '../../manager/forms/plugin-groups.ts'
import { readSchema } from '../../manager/forms/schema.ts'
import { partsOfUrl } from '../../manager/forms/service.ts'
import {
  chosenAlgorithm,
  chosenHashing,
  fallbacksOf,
  hashFieldsOf,
  switched,
  upstreamLayout,
} from '../../manager/forms/upstream.ts'
import { readDrafts, toCreate } from '../../manager/forms/values.ts'
import { labelOf, titleOf } from '../../manager/forms/words.ts'
import { upstream } from '../../src/entities/upstream.ts'
import { describeEntity } from '../../src/schema/describe.ts'

const { fields } = readSchema(describeEntity(upstream))
const blank: DraftRecord = Object.fromEntries(
  fields.map((field) => [field.name, startingDraft(field)]),
)
const fresh = upstreamLayout.start?.(blank, true) ?? blank

function sent(draft: DraftRecord) {
  return toCreate(fields, readDrafts(fields, upstreamLayout.settle?.(draft) ?? draft))
}

function changed(draft: DraftRecord, members: ReturnType<typeof switched>): DraftRecord {
  return Object.entries(members).reduce((of, [path, value]) => withDraftAt(of, path, value), draft)
}

describe("an upstream's health checks", () => {
  it('are off at first, and nothing is sent of them', () => {
    expect(fresh).toMatchObject({ '@active': false, '@passive': false })
    expect(sent(fresh)).toEqual({})
  })

  it('have values of their own when they are switched on', () => {
    expect(sent(changed(fresh, switched(fresh, 'active', true)))).toEqual({
      healthchecks: {
        active: {
          healthy: { interval: 5, successes: 5 },
          unhealthy: { interval: 5, tcp_failures: 5, timeouts: 5, http_failures: 5 },
        },
      },
    })
    expect(sent(changed(fresh, switched(fresh, 'passive', true)))).toEqual({
      healthchecks: {
        passive: {
          healthy: { successes: 80 },
          unhealthy: { tcp_failures: 5, timeouts: 5, http_failures: 5 },
        },
      },
    })
  })

  it('are zeros when they are switched off, and as they were when on again', () => {
    const on = withDraftAt(
      changed(fresh, switched(fresh, 'active', true)),
      'healthchecks.active.healthy.interval',
      '7',
    )
    const off = changed(on, switched(on, 'active', false))
    expect(
      draftAt(upstreamLayout.settle?.(off) ?? off, 'healthchecks.active.healthy.interval'),
    ).toBe('0')
    const again = changed(off, switched(off, 'active', true))
    expect(draftAt(again, 'healthchecks.active.healthy.interval')).toBe('7')
  })
})

describe("an upstream's hashing", () => {
  it('belongs to one algorithm', () => {
    expect(chosenHashing(fresh, 'ip')).toMatchObject({ algorithm: 'consistent-hashing' })
    expect(chosenHashing(fresh, 'none')).toMatchObject({
      algorithm: 'round-robin',
      hash_fallback: 'none',
    })
    expect(chosenAlgorithm('latency')).toEqual({
      algorithm: 'latency',
      hash_on: 'none',
      hash_fallback: 'none',
    })
    expect(chosenAlgorithm('consistent-hashing')).toEqual({ algorithm: 'consistent-hashing' })
    const check = upstreamLayout.check?.(changed(fresh, chosenAlgorithm('consistent-hashing')), {
      fields,
      oneNeeded: [],
    })
    expect(check?.get('hash_on')).toBe('Say what is hashed')
  })

  it.each([
    ['none', []],
    ['header', ['hash_on_header']],
    ['cookie', ['hash_on_cookie', 'hash_on_cookie_path']],
    ['query_arg', ['hash_on_query_arg']],
    ['uri_capture', ['hash_on_uri_capture']],
    ['path', []],
  ])('on %s is told by %j', (hashOn, told) => {
    expect(hashFieldsOf({ ...fresh, hash_on: hashOn }, 'hash_on')).toEqual(told)
  })

  it('sends only what counts', () => {
    const draft = {
      ...fresh,
      hash_on: 'ip',
      algorithm: 'consistent-hashing',
      hash_on_header: 'X-Old',
    }
    expect(sent(draft)).toEqual({ hash_on: 'ip', algorithm: 'consistent-hashing' })
  })

  it('has no fallback to itself', () => {
    expect(fallbacksOf('ip', ['none', 'ip', 'header'])).toEqual(['none', 'header'])
    expect(fallbacksOf('header', ['none', 'ip', 'header'])).toEqual(['none', 'ip', 'header'])
    expect(chosenHashing({ ...fresh, hash_fallback: 'ip' }, 'ip')).toMatchObject({
      hash_fallback: 'none',
    })
    expect(chosenHashing({ ...fresh, hash_fallback: 'ip' }, 'path')).not.toHaveProperty(
      'hash_fallback',
    )
  })
})

describe("a service's URL", () => {
  it.each([
    ['http://a.test', { protocol: 'http', host: 'a.test', port: '80', path: '' }],
    ['https://a.test/x/y', { protocol: 'https', host: 'a.test', port: '443', path: '/x/y' }],
    ['http://[::1]:8080/', { protocol: 'http', host: '[::1]', port: '8080', path: '/' }],
    ['tls_passthrough://a:1', { protocol: 'tls_passthrough', host: 'a', port: '1', path: '' }],
    ['a.test', undefined],
    ['http://', undefined],
    ['http://a b', undefined],
  ])('%s is %j', (url, parts) => expect(partsOfUrl(url)).toEqual(parts))

  it('is sent as its parts, without what its protocol does not have', () => {
    const layout = layoutOf('services', false)
    const draft = {
      '@endpoint': 'url',
      '@url': 'grpc://a:1/x',
      path: '',
      client_certificate: 'c',
      tls_verify: true,
    }
    expect(layout.settle?.(draft)).toMatchObject({
      protocol: 'grpc',
      host: 'a',
      path: '',
      client_certificate: '',
      tls_verify: null,
    })
  })
})

it("finds plugins in the catalogue's groups", () => {
  const names = ['jwt', 'key-auth', 'own-plugin', 'rate-limiting']
  expect(groupPlugins(names, '')).toEqual([
    { title: 'Authentication', names: ['jwt', 'key-auth'] },
    { title: 'Traffic Control', names: ['rate-limiting'] },
    { title: 'Custom', names: ['own-plugin'] },
  ])
  expect(groupPlugins(names, 'Rate Lim').map(({ title }) => title)).toEqual(['Traffic Control'])
})

it.each([
  ['hash_on_cookie', 'Hash on cookie'],
  ['https_sni', 'HTTPS SNI'],
  ['config.redis.host', 'Host'],
  ['sources.0.ip', 'IP'],
])('calls %s %s', (path, label) => expect(labelOf(path)).toBe(label))

it('titles plugins', () => expect(titleOf('hmac-auth')).toBe('HMAC Auth'))
