import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningGateway, startGateway } from '../runtimes/start.ts'
import { ask, type Got } from './client.ts'
import { RUNTIMES } from './runtimes.ts'
import { startTarget, type Target } from './target.ts'

/** The guide's file, as its readers have it, with two targets of this machine. */
function guideFile(version: '1.1' | '3.0', [a, b]: readonly [number, number]): string {
  return `_format_version: "${version}"
consumers:
- username: consumer
  custom_id: consumer
  keyauth_credentials:
  - key: apikey
upstreams:
- name: example_upstream
  targets:
  - target: localhost:${a}
    weight: 100
  - target: localhost:${b}
    weight: 100
services:
- name: example_service
  protocol: http
  host: example_upstream
  port: 80
  routes:
  - name: mocking
    paths:
    - /mock
    strip_path: true
    plugins:
    - name: key-auth
      enabled: false
plugins:
- name: rate-limiting
  config:
    minute: 5
    policy: local
- name: proxy-cache
  config:
    strategy: memory
    cache_ttl: 30
    content_type:
    - "application/json; charset=utf-8"
`
}

/** The windows are the clock's own minutes: one is waited for that has time enough left. */
async function earlyInAMinute(): Promise<void> {
  const left = 60_000 - (Date.now() % 60_000)
  if (left < 10_000) await new Promise((resolve) => setTimeout(resolve, left + 50))
}

describe.each(RUNTIMES)("the guide's kong.yaml on %s", (runtime) => {
  let gateway: RunningGateway
  let a: Target
  let b: Target

  beforeAll(async () => {
    ;[a, b] = await Promise.all([startTarget('a'), startTarget('b')])
    for (const target of [a, b]) {
      target.manner = (request, response) => {
        response.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8' })
        response.end(JSON.stringify({ target: target.name, host: request.headers.host }))
      }
    }
    const configText = guideFile('1.1', [a.port, b.port])
    gateway = await startGateway(runtime, { configText })
  }, 60_000)
  afterAll(() => Promise.all([gateway?.stop(), a.close(), b.close()]))

  it('limits to five requests a minute, and answers from its cache, each as Kong says it', async () => {
    await earlyInAMinute()
    const answers: Got[] = []
    for (const path of ['same', 'same', '2', '3', '4', '5']) {
      answers.push(await ask(`${gateway.proxyUrl}/mock/${path}`))
    }
    const told = (name: string) => answers.map(({ headers }) => headers[name])
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429])
    expect(told('x-ratelimit-remaining-minute')).toEqual(['4', '3', '2', '1', '0', '0'])
    expect(new Set(told('x-ratelimit-limit-minute'))).toEqual(new Set(['5']))
    expect(new Set(told('ratelimit-limit'))).toEqual(new Set(['5']))
    expect(told('x-cache-status')).toEqual(['Miss', 'Hit', 'Miss', 'Miss', 'Miss', undefined])

    const [first, second, , , , refused] = answers
    expect(second?.headers['x-cache-key']).toMatch(/^[0-9a-f]{64}$/)
    expect(second?.headers['x-cache-key']).toBe(first?.headers['x-cache-key'])
    expect(second?.headers.age).toMatch(/^\d+$/)
    expect(second?.body).toBe(first?.body)

    expect(refused?.headers['retry-after']).toBe(refused?.headers['ratelimit-reset'])
    expect(JSON.parse(refused?.body ?? '')).toEqual({
      message: 'API rate limit exceeded',
      request_id: refused?.headers['x-kong-request-id'],
    })
  }, 30_000)
})
