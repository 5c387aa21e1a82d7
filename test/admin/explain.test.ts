import { describe, expect, it } from 'vitest'
import type { Explanation } from '../../src/proxy/explain.ts'
import { failure, incoming } from '../proxy/fakes.ts'
import { openWhole, type Whole } from './gate.ts'

async function opened(upstream: Record<string, unknown> = {}): Promise<Whole> {
  const whole = await openWhole(({ host }) => (host === '10.0.0.2' ? failure() : incoming()))
  const { admin } = whole
  await admin('POST', '/upstreams', { name: 'u', ...upstream })
  for (const [i, weight] of [100, 100, 0].entries()) {
    await admin('POST', '/upstreams/u/targets', { target: `10.0.0.${i + 1}:80`, weight })
  }
  await admin('POST', '/services', { name: 's', host: 'u', path: '/base', retries: 0 })
  await admin('POST', '/services/s/routes', { name: 'short', paths: ['/a'] })
  await admin('POST', '/services/s/routes', { name: 'long', paths: ['/a/b'] })
  await admin('POST', '/services/s/routes', { name: 'post', paths: ['/a'], methods: ['POST'] })
  await admin('POST', '/services/s/routes', { name: 'host', hosts: ['b.test'] })
  await admin('POST', '/services', { name: 'off', host: 'u', enabled: false })
  await admin('POST', '/services/off/routes', { name: 'idle', paths: ['/a'] })
  return whole
}

async function ask({ admin }: Whole, url: string, more = ''): Promise<Explanation> {
  const { status, body } = await admin(
    'GET',
    `/debug/explain?url=${encodeURIComponent(url)}${more}`,
  )
  expect(status).toBe(200)
  return body as unknown as Explanation
}

describe('GET /debug/explain', () => {
  it('tells which route wins, and of each other why not', async () => {
    const { route, candidates, upstream_request, refused } = await ask(
      await opened(),
      'http://a.test/a/b/c?d=e',
    )
    expect([route?.name, route?.matched_path, refused]).toEqual(['long', '/a/b', null])
    expect(candidates.map(({ route, result, failed }) => [route.name, result, failed])).toEqual([
      ['long', 'won', undefined],
      ['short', 'lost', undefined],
      ['host', 'no match', 'host'],
      ['post', 'no match', 'method'],
      ['idle', 'no match', 'service'],
    ])
    expect(candidates.map(({ reason }) => reason)).toEqual([
      'the first of 2 that match',
      'the winner has a longer path: 4 against 2',
      'wants b.test, this is a.test',
      'wants POST, this is GET',
      'its service is disabled',
    ])
    expect(upstream_request).toMatchObject({ method: 'GET', path: '/base/c?d=e', scheme: 'http' })
  })

  it('sends nothing, and takes nobody’s turn', async () => {
    const whole = await opened()
    const chosen: unknown[] = []
    for (let i = 0; i < 4; i++) {
      const foretold = (await ask(whole, 'http://a.test/a')).target?.chosen
      expect((await ask(whole, 'http://a.test/a')).target?.chosen).toBe(foretold)
      const before = whole.transport.sent.length
      await whole.get('/a')
      const { host, port } = whole.transport.sent[before] ?? {}
      expect(`${host}:${port}`).toBe(foretold)
      chosen.push(foretold)
      expect(whole.transport.sent).toHaveLength(before + 1)
    }
    expect(new Set(chosen).size).toBeGreaterThanOrEqual(1)
  })

  it('says of each target why it is left out', async () => {
    const whole = await opened({ healthchecks: { passive: { unhealthy: { http_failures: 1 } } } })
    // Until both of those with weight were asked, and one refused the connection.
    for (let i = 0; i < 2; i++) await whole.get('/a')
    const { target } = await ask(whole, 'http://a.test/a')
    const [first, second, third] = target?.targets ?? []
    expect([target?.upstream?.name, target?.algorithm, target?.chosen]).toEqual([
      'u',
      'round-robin',
      '10.0.0.1:80',
    ])
    expect(first).toMatchObject({ address: '10.0.0.1:80', state: 'chosen', in_flight: 0 })
    expect(second).toMatchObject({ address: '10.0.0.2:80', state: 'skipped' })
    expect(second?.reason).toMatch(/^set aside from 2023-\S+Z to 2023-\S+Z/)
    expect(third).toMatchObject({ state: 'skipped', reason: 'weight 0', weight: 0 })
  })

  it('tells since when and why a target is unhealthy, and when none is left', async () => {
    const whole = await opened({ healthchecks: { passive: { unhealthy: { http_failures: 1 } } } })
    for (const target of ['10.0.0.1:80', '10.0.0.2:80']) {
      await whole.admin('PUT', `/upstreams/u/targets/${target}/unhealthy`)
    }
    const { target, refused, upstream_request } = await ask(whole, 'http://a.test/a')
    expect(target?.targets[0]?.reason).toMatch(/^unhealthy since 2023-\S+Z \(by hand\)$/)
    expect(target?.chosen).toBeNull()
    expect(target?.reason).toBe('too little of the weight is healthy: 503')
    expect(refused).toEqual({
      status: 503,
      message: 'failure to get a peer from the ring-balancer',
    })
    expect(upstream_request?.host).toBeNull()
  })

  it('tells what is hashed, and whom that leads to', async () => {
    const whole = await opened({ hash_on: 'header', hash_on_header: 'X-User' })
    const { target } = await ask(whole, 'http://a.test/a', '&header=X-User:%20mia')
    expect(target?.hash).toEqual({ on: 'header', fallback: 'none', key: 'mia' })
    expect(target?.algorithm).toBe('consistent-hashing')
    await whole.get('/a', { 'X-User': 'mia' })
    expect(target?.chosen).toBe(`${whole.transport.sent[0]?.host}:80`)
  })

  it('leaves open what a cookie that is yet to be made decides', async () => {
    const whole = await opened({ hash_on: 'cookie', hash_on_cookie: 'c' })
    const open = await ask(whole, 'http://a.test/a')
    expect([open.target?.hash?.key, open.target?.chosen, open.refused]).toEqual([null, null, null])
    const known = await ask(whole, 'http://a.test/a', '&headers={"Cookie":["c=1"]}')
    expect([known.target?.hash?.key, typeof known.target?.chosen]).toEqual(['1', 'string'])
  })

  it('tells the chain of plugins, and which of one name counts', async () => {
    const whole = await opened()
    await whole.admin('POST', '/plugins', { name: 'cors' })
    await whole.admin('POST', '/services/s/plugins', { name: 'cors' })
    await whole.admin('POST', '/plugins', { name: 'prometheus', enabled: false })
    await whole.admin('POST', '/routes/long/plugins', { name: 'key-auth' })
    const { plugins } = await ask(whole, 'http://a.test/a')
    expect(plugins.map(({ name, scope, runs, reason }) => [name, scope, runs, reason])).toEqual([
      ['cors', 'service', true, undefined],
      ['cors', 'global', false, `${plugins[0]?.id} is more specific`],
      ['prometheus', 'global', false, 'is disabled'],
    ])
  })

  it.each([
    ['http://a.test/nowhere', 404, 'no Route matched with those values'],
    ['/nowhere', 404, 'no Route matched with those values'],
    ['http://a.test/%zz', 400, 'Bad request'],
    ['http://a.test/bare', 503, 'no Service found with those values'],
    ['http://a.test/tls', 426, 'Please use HTTPS protocol'],
  ])('tells that %s would be refused with %i', async (url, status, message) => {
    const whole = await opened()
    await whole.admin('POST', '/routes', { paths: ['/bare'] })
    await whole.admin('POST', '/services/s/routes', { paths: ['/tls'], protocols: ['https'] })
    const told = await ask(whole, url)
    expect(told.refused).toEqual({ status, message })
    expect([told.target, told.upstream_request]).toEqual([null, null])
  })

  it('knows the host of a service that is no upstream', async () => {
    const whole = await opened()
    await whole.admin('POST', '/services', { name: 'plain', host: 'c.test', port: 8080 })
    await whole.admin('POST', '/services/plain/routes', { paths: ['/c'], preserve_host: true })
    const { target, upstream_request } = await ask(whole, 'http://a.test/c')
    expect(target).toMatchObject({ upstream: null, chosen: 'c.test:8080', targets: [] })
    expect(upstream_request).toMatchObject({ host: 'a.test', path: '/' })
  })

  it('shows no more candidates than can be read', async () => {
    const whole = await opened()
    for (let i = 0; i < 60; i++) {
      await whole.admin('POST', '/services/s/routes', { hosts: [`h${i}.test`] })
    }
    const { candidates, candidates_left_out, route } = await ask(whole, 'http://a.test/a')
    expect([candidates.length, candidates_left_out, route?.name]).toEqual([50, 15, 'short'])
  })

  it.each([
    ['', 'Missing argument "url"'],
    ['?url=x', 'Cannot read url "x": write http://host/path, or /path'],
    ['?url=/&url=/b', 'Give argument "url" one value'],
    ['?url=/&method=G%20T', 'Cannot read method "G T"'],
    ['?url=/&header=x', 'Write header=Name: value'],
    ['?url=/&header=a%0d%0ab:c', 'Cannot read header "a\r\nb: c"'],
    ['?url=/&headers=[]', 'Write headers={"Name": "value"}'],
    ['?url=/&headers={"a":1}', 'Write headers={"Name": "value"}'],
    ['?url=/&ip=x', 'Cannot read ip "x"'],
    ['?url=/&nope=1', 'Unknown argument "nope"'],
  ])('refuses %s', async (query, message) => {
    const { status, body } = await (await opened()).admin('GET', `/debug/explain${query}`)
    expect([status, body]).toEqual([400, { message }])
  })
})
