import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { P256_PUBLIC } from '../../src/lib/keys.fixture.ts'
import { bearer, CONSUMER, GUEST, OTHER_CONSUMER } from '../plugins/rows-consumer.ts'
import { SIDE_DOORS } from '../plugins/rows-side-doors.ts'
import { get, type SideDoor, send } from '../plugins/side-door.ts'
import { type RunningGateway, startGateway } from '../runtimes/start.ts'
import { raw } from './client.ts'
import { startAnswering } from './plugins-target.ts'
import { RUNTIMES } from './runtimes.ts'
import type { Target } from './target.ts'

const KEY = { name: 'key-auth' }
const ONCE = { year: 1 }
const CACHE = {
  name: 'proxy-cache',
  config: { strategy: 'memory', content_type: ['application/json'] },
}

const PLUGINS: Readonly<Record<string, readonly object[]>> = {
  '/open': [],
  '/key': [KEY],
  '/preflight': [{ name: 'key-auth', config: { run_on_preflight: false } }],
  '/hidden': [{ name: 'key-auth', config: { hide_credentials: true } }],
  '/guest': [{ name: 'key-auth', config: { anonymous: 'guest' } }],
  '/acl': [KEY, { name: 'acl', config: { allow: ['friends'] } }],
  '/jwt': [{ name: 'jwt' }],
  '/jwt-exp': [{ name: 'jwt', config: { claims_to_verify: ['exp'] } }],
  '/rate': [{ name: 'rate-limiting', config: ONCE }],
  '/rate-key': [KEY, { name: 'rate-limiting', config: ONCE }],
  '/rate-header': [
    { name: 'rate-limiting', config: { ...ONCE, limit_by: 'header', header_name: 'x-who' } },
  ],
  '/rate-path': [
    { name: 'rate-limiting', config: { ...ONCE, limit_by: 'path', path: '/rate-path' } },
  ],
  '/ip': [{ name: 'ip-restriction', config: { allow: ['10.0.0.0/8'] } }],
  '/ip-deny': [{ name: 'ip-restriction', config: { deny: ['127.0.0.0/8', '::1'] } }],
  '/size': [
    { name: 'request-size-limiting', config: { allowed_payload_size: 4, size_unit: 'bytes' } },
  ],
  '/cache': [CACHE],
  '/kept': [KEY, CACHE],
  '/cors': [
    {
      name: 'cors',
      config: { origins: ['https://a.test', 'https://[a-z]+\\.b\\.test'], credentials: true },
    },
  ],
}

function configFor(port: number): string {
  const routes = Object.entries(PLUGINS).map(([path, plugins]) => {
    // A path of its own, and what is below: `/key` is not `/keys`.
    const paths = [`~${path}(?:[/;%?]|$)`]
    return { name: path.slice(1), paths, strip_path: false, plugins }
  })
  const ann = {
    ...CONSUMER,
    jwt_secrets: [
      ...CONSUMER.jwt_secrets,
      { key: 'key-issuer', algorithm: 'ES256', rsa_public_key: P256_PUBLIC },
    ],
  }
  const bob = { ...OTHER_CONSUMER, jwt_secrets: [{ key: 'bob-issuer', secret: 'bob-secret' }] }
  const service = { name: 'echo', url: `http://127.0.0.1:${port}`, routes }
  const consumers = [ann, bob, GUEST]
  return JSON.stringify({ _format_version: '3.0', services: [service], consumers })
}

const GOOD = { iss: 'ann-issuer' }

// What is refused below would mean nothing if nobody passed.
const OPEN: readonly SideDoor[] = [
  { plugin: 'key-auth', what: 'a key', attempt: get('/key', 'apikey: ann-key') },
  { plugin: 'jwt', what: 'a token', attempt: get('/jwt', `Authorization: ${bearer(GOOD)}`) },
  {
    plugin: 'jwt',
    what: 'a token with a time',
    attempt: get('/jwt-exp', `Authorization: ${bearer({ ...GOOD, exp: 4102444800 })}`),
  },
  { plugin: 'rate-limiting', what: 'a first one', attempt: get('/rate-header', 'x-who: first') },
  {
    plugin: 'request-size-limiting',
    what: 'four bytes',
    attempt: send('POST', '/size', ['Content-Length: 4'], 'four'),
  },
  { plugin: 'cors', what: 'an origin', attempt: get('/cors', 'Origin: https://x.b.test') },
]

describe.each(RUNTIMES)('G39: no side door on %s', (runtime) => {
  let gateway: RunningGateway
  let target: Target

  beforeAll(async () => {
    target = await startAnswering()
    const configText = configFor(target.port)
    gateway = await startGateway(runtime, { configText })
  }, 60_000)
  afterAll(() => Promise.all([gateway?.stop(), target.close()]))

  it.each(SIDE_DOORS)('$plugin: $what', async (door) => {
    const ask = (bytes: string) => raw(gateway.proxyPort, bytes, 3000)
    let before = ''
    for (const one of door.before ?? []) before = await ask(one)
    target.seen.length = 0
    const got = await ask(door.attempt)
    const seen = target.seen.map(textOf)
    if (isRefusal(door)) expect([statusOf(got), seen]).toEqual([expect.toSatisfy(isError), []])
    if (door.sees !== undefined) expect(seen.join('\n')).toMatch(door.sees)
    if (door.unseen !== undefined) for (const one of seen) expect(one).not.toMatch(door.unseen)
    if (door.never !== undefined) expect(got).not.toMatch(door.never)
    if (door.fresh) {
      expect(numberOf(got)).toBeDefined()
      expect(numberOf(got)).not.toBe(numberOf(before))
    }
  })

  it.each(OPEN)('$plugin: $what passes', async ({ attempt }) => {
    const got = await raw(gateway.proxyPort, attempt, 3000)
    expect([statusOf(got), /^access-control-allow-origin: (.*)\r$/im.exec(got)?.[1]]).toEqual([
      200,
      attempt.includes('/cors') ? 'https://x.b.test' : undefined,
    ])
  })

  it('proxy-cache: what was kept is given again', async () => {
    const ask = () => raw(gateway.proxyPort, get('/cache/twice'), 3000)
    const first = await ask()
    expect(numberOf(first)).toBeDefined()
    expect(numberOf(await ask())).toBe(numberOf(first))
  })
})

function isRefusal({ sees, unseen, never, fresh }: SideDoor): boolean {
  return sees === undefined && unseen === undefined && never === undefined && !fresh
}

/** Whoever is cut off without an answer got nowhere too. */
function isError(status: number): boolean {
  return status >= 400 || status === 0
}

function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.\d (\d+)/.exec(answer)?.[1] ?? 0)
}

function numberOf(answer: string): string | undefined {
  return /^x-number: (\d+)/im.exec(answer)?.[1]
}

/** A request as it came, head and body. */
function textOf({ method, url, headers, body }: Target['seen'][number]): string {
  const lines: string[] = []
  for (let i = 0; i < headers.length; i += 2) lines.push(`${headers[i]}: ${headers[i + 1]}`)
  return `${[`${method} ${url}`, ...lines].join('\n')}\r\n\r\n${body}`
}
