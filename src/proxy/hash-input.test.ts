import { describe, expect, it } from 'vitest'
import {
  clientRequest,
  fakeBalancer,
  fakeBalancers,
  fakeRuntime,
  fakeTransport,
  incoming,
  peer,
  settingsWith,
  valuesOf,
} from '../../test/proxy/fakes.ts'
import type { HashInput } from '../balancer/hashing.ts'
import { hashingOf } from '../balancer/hashing.ts'
import type { Balancer, PickOptions } from '../balancer/picking.ts'
import { type Upstream, upstream } from '../entities/upstream.ts'
import type { HeaderList } from '../lib/header-list.ts'
import { rowOf } from '../schema/entity.ts'
import { rowForInsert } from '../schema/validate.ts'
import { NO_CHAINS } from '../snapshot/plugins.ts'
import { createProxy } from './handler.ts'
import { hashKeyOf } from './hash-input.ts'
import { readRequest } from './read-request.ts'

const UUID = '7a9d2f0e-0000-4000-8000-000000000001'
const NONE: HashInput = { on: 'none' }

interface Given {
  readonly headers?: HeaderList
  readonly target?: string
  readonly captures?: { numbered: (string | undefined)[]; named: Record<string, string> }
}

function keyOf(input: HashInput, given: Given = {}, fallback = NONE) {
  const { headers = [], target = '/', captures } = given
  const request = clientRequest({ headers, target })
  const read = readRequest(clientRequest({ headers, target, host: 'a' }))
  if (read === undefined) throw new Error('no request')
  const match = { route: undefined, prefix: undefined, captures }
  const origin = {
    ip: '10.1.1.1',
    trusted: false,
    proto: 'http',
    host: 'a',
    port: '80',
    path: '/',
  }
  const asked = { read, origin, match }
  return hashKeyOf({ input, fallback }, { request, asked, newId: () => UUID })
}

it.each<{ what: string; input: HashInput; given?: Given; key: string }>([
  { what: 'nothing', input: NONE, key: '' },
  { what: 'no consumer', input: { on: 'consumer' }, key: '' },
  { what: 'the client’s address', input: { on: 'ip' }, key: '10.1.1.1' },
  { what: 'a path', input: { on: 'path' }, given: { target: '/a/b?c=d' }, key: '/a/b' },
  {
    what: 'a path, decoded and normalised',
    input: { on: 'path' },
    given: { target: '/x//../a%20%2Fb%C3%A9/./?q' },
    key: '/a /b\u00c3\u00a9/',
  },
  {
    what: 'a header, whatever its case',
    input: { on: 'header', name: 'x-user' },
    given: { headers: ['X-User', 'ann'] },
    key: 'ann',
  },
  {
    what: 'a header of several values, as nginx joins them',
    input: { on: 'header', name: 'x-user' },
    given: { headers: ['X-User', 'ann', 'Other', '1', 'x-user', 'bob'] },
    key: 'ann, bob',
  },
  {
    what: 'an argument',
    input: { on: 'query_arg', name: 'user' },
    given: { target: '/?a=1&user=ann+b%26c&users=2' },
    key: 'ann b&c',
  },
  {
    what: 'an argument of several values, sorted',
    input: { on: 'query_arg', name: 'user' },
    given: { target: '/?user=c&user=a&%75ser=b' },
    key: 'a,b,c',
  },
  {
    what: 'an argument without a value',
    input: { on: 'query_arg', name: 'user' },
    given: { target: '/?user&x' },
    key: 'true',
  },
  {
    what: 'a capture by name',
    input: { on: 'uri_capture', name: 'user' },
    given: { captures: { numbered: ['/ö', 'ö'], named: { user: 'ö' } } },
    key: '\u00c3\u00b6',
  },
  {
    what: 'a capture by number',
    input: { on: 'uri_capture', name: '1' },
    given: { captures: { numbered: ['/x', 'x'], named: {} } },
    key: 'x',
  },
  { what: 'no capture', input: { on: 'uri_capture', name: 'constructor' }, key: '' },
  {
    what: 'a cookie among others',
    input: { on: 'cookie', name: 'sid', path: '/' },
    given: { headers: ['Cookie', 'a=sid=1; SID = 2 ;sid=3', 'Cookie', 'sid=4'] },
    key: '2',
  },
])('hashes $what', ({ input, given, key }) => {
  expect(keyOf(input, given)).toEqual({ key, cookie: undefined })
})

describe('the fallback', () => {
  const input: HashInput = { on: 'header', name: 'x-user' }
  const fallback: HashInput = { on: 'ip' }

  it('counts when there is nothing to hash', () => {
    expect(keyOf(input, {}, fallback).key).toBe('10.1.1.1')
    expect(keyOf({ on: 'consumer' }, {}, fallback).key).toBe('10.1.1.1')
    expect(keyOf({ on: 'query_arg', name: 'x' }, {}, fallback).key).toBe('10.1.1.1')
  })

  it('does not when there is something, be it empty', () => {
    expect(keyOf(input, { headers: ['X-User', 'ann'] }, fallback).key).toBe('ann')
    expect(keyOf(input, { headers: ['X-User', ''] }, fallback).key).toBe('')
  })

  it('may be a cookie', () => {
    const cookie: HashInput = { on: 'cookie', name: 'sid', path: '/' }
    expect(keyOf({ on: 'consumer' }, {}, cookie).key).toBe(UUID)
  })
})

function upstreamWith(given: Record<string, unknown>): Upstream {
  const context = { now: 1_000_000, newId: () => UUID, secret: () => '' }
  return rowOf(upstream, rowForInsert(upstream, { name: 'u', ...given }, context))
}

it.each([
  { given: {}, hashing: undefined },
  { given: { algorithm: 'least-connections' }, hashing: undefined },
  {
    given: { hash_on: 'header', hash_on_header: 'X-User', hash_fallback: 'ip' },
    hashing: { input: { on: 'header', name: 'x-user' }, fallback: { on: 'ip' } },
  },
  {
    given: {
      hash_on: 'query_arg',
      hash_on_query_arg: 'User',
      hash_fallback: 'uri_capture',
      hash_fallback_uri_capture: 'id',
    },
    hashing: {
      input: { on: 'query_arg', name: 'User' },
      fallback: { on: 'uri_capture', name: 'id' },
    },
  },
  {
    given: { hash_on: 'consumer', hash_fallback: 'cookie', hash_on_cookie: 'sid' },
    hashing: { input: { on: 'consumer' }, fallback: { on: 'cookie', name: 'sid', path: '/' } },
  },
])('reads $given of an upstream', ({ given, hashing }) => {
  expect(hashingOf(upstreamWith(given))).toEqual(hashing)
})

describe('a hashing upstream', () => {
  const path = '/mock'
  const cookieUpstream = { hash_on: 'cookie', hash_on_cookie: 'sid', hash_on_cookie_path: path }

  function setUp(given: Record<string, unknown>, answered: HeaderList = []) {
    const keys: (string | undefined)[] = []
    const found = upstreamWith(given)
    const fake = fakeBalancer([peer('a'), peer('b')])
    const balancer: Balancer = {
      ...fake,
      upstream: found,
      hashing: hashingOf(found),
      pick(tried, options?: PickOptions) {
        keys.push(options?.key)
        return fake.pick(tried)
      },
    }
    const route = { id: 'r', name: null, stripPath: false, preserveHost: false, grpc: false }
    const service = { id: 's', name: null, scheme: 'http', host: 'u', path: null, attempts: 6 }
    const match = { route, prefix: '/', captures: undefined }
    const snapshot = { router: { match: () => match }, chains: NO_CHAINS, serviceOf: () => service }
    const transport = fakeTransport((_, sent) =>
      sent === 1
        ? { ok: false, phase: 'connect', code: '', timeout: false, reused: false, byClient: false }
        : incoming({ headers: [...answered] }),
    )
    const handle = createProxy({
      // The proxy reads no more of routes and services here.
      snapshot: () => snapshot as never,
      balancers: fakeBalancers({ u: balancer }),
      transport,
      runtime: fakeRuntime(),
      settings: settingsWith(),
    })
    return { keys, send: (headers: HeaderList = []) => handle(clientRequest({ headers })) }
  }

  it('is asked for a peer by the request’s key, for each try', async () => {
    const { keys, send } = setUp({ hash_on: 'header', hash_on_header: 'x-user' })
    const answer = await send(['X-User', 'ann'])
    expect(answer.status).toBe(200)
    expect(keys).toEqual(['ann', 'ann'])
    expect(valuesOf(answer.headers, 'set-cookie')).toEqual([])
  })

  it('gives a client without the cookie one, beside the upstream’s own', async () => {
    const { keys, send } = setUp(cookieUpstream, ['Set-Cookie', 'x=1', 'set-cookie', 'sidx=2'])
    const cookies = valuesOf((await send()).headers, 'set-cookie')
    expect(cookies).toHaveLength(3)
    expect(cookies[2]).toBe(`sid=${keys[0]}; Path=/mock; Same-Site=Lax; HttpOnly`)
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('overrules a cookie of that name from the upstream', async () => {
    const { keys, send } = setUp(cookieUpstream, ['Set-Cookie', 'sid=theirs', 'Set-Cookie', 'y=2'])
    const cookies = valuesOf((await send()).headers, 'set-cookie')
    expect(cookies).toEqual([`sid=${keys[0]}; Path=/mock; Same-Site=Lax; HttpOnly`, 'y=2'])
  })

  it('leaves a client alone that has the cookie', async () => {
    const { keys, send } = setUp(cookieUpstream, ['Set-Cookie', 'sid=theirs'])
    const answer = await send(['Cookie', 'sid=mine'])
    expect(keys).toEqual(['mine', 'mine'])
    expect(valuesOf(answer.headers, 'set-cookie')).toEqual(['sid=theirs'])
  })

  it('pays nothing when it does not hash', async () => {
    const { keys, send } = setUp({})
    await send(['X-User', 'ann'])
    expect(keys).toEqual([undefined, undefined])
  })
})
