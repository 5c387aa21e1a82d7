import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { openWhole } from '../../test/admin/gate.ts'
import { incoming } from '../../test/proxy/fakes.ts'
import { parseArguments } from './arguments.ts'
import { explainCommand } from './explain.ts'

async function terminal() {
  const whole = await openWhole(() => incoming())
  const { admin, gateway } = whole
  await admin('POST', '/upstreams', { name: 'u' })
  await admin('POST', '/upstreams/u/targets', { target: '10.0.0.1:80' })
  await admin('POST', '/upstreams/u/targets', { target: '10.0.0.2:80', weight: 0 })
  await admin('POST', '/services', { name: 's', host: 'u' })
  await admin('POST', '/services/s/routes', { name: 'r', paths: ['/a'] })
  await admin('POST', '/services/s/routes', { name: 'v2', paths: ['/a'], headers: { v: ['2'] } })
  await admin('POST', '/services/s/plugins', { name: 'cors' })
  const asked: string[] = []
  return {
    asked,
    async run(words: readonly string[]) {
      const said = { out: '', err: '' }
      const read = parseArguments(['explain', ...words])
      if ('error' in read) return { code: 1, out: '', err: read.error }
      const code = await explainCommand(read, {
        fetch: async (url, init) => {
          asked.push(url, init.headers['kong-admin-token'] ?? '')
          if (new URL(url).port === '1') throw new Error('refused', { cause: { code: 'X' } })
          if (new URL(url).port === '2')
            return new Response('{"message":"Not found"}', { status: 404 })
          if (new URL(url).port === '3') return new Response('{}')
          return gateway.admin(new Request(url, init))
        },
        out: async (text) => {
          said.out += text
        },
        err: (text) => {
          said.err += text
        },
      })
      return { code, ...said }
    },
  }
}

it('draws a request’s way', async () => {
  const { code, out, err } = await (await terminal()).run(['localhost:8000/a/x?y'])
  expect([code, err]).toEqual([0, ''])
  expect(out).toBe(`GET /a/x?y on http://localhost:8000

route    r, which matched /a
  * r: won: the only one that matches
    v2: header: wants v: 2
plugins  1, in this order
  * cors (2000, service)
service  s
sends    GET /x?y, Host 10.0.0.1
target   10.0.0.1:80 of upstream u (round-robin): by the algorithm, among those available
  * 10.0.0.1:80: chosen, weight 100, 0 in flight
    10.0.0.2:80: skipped, weight 0, 0 in flight: weight 0
`)
})

it('takes a method and headers as curl does', async () => {
  const { run, asked } = await terminal()
  const { out } = await run([
    '/a',
    '-X',
    'POST',
    '-H',
    'V: 2',
    '-H',
    'w:1',
    '--kong-admin-token',
    't',
  ])
  expect(out).toContain('POST /a on')
  expect(out).toContain('  * v2: won: the first of 2 that match\n')
  expect(out).toContain('  - r: lost: the winner has more kinds of conditions: 2 against 1\n')
  expect(asked[1]).toBe('t')
})

it('exits with 1 where no route matches', async () => {
  const { code, out } = await (await terminal()).run(['/b'])
  expect(code).toBe(1)
  expect(out).toContain('route    none\n')
  expect(out).toContain('answer   404 no Route matched with those values\n')
})

it('prints JSON', async () => {
  const { code, out } = await (await terminal()).run(['/a', '--json'])
  expect([code, JSON.parse(out).route.name]).toEqual([0, 'r'])
})

it.each([
  [[], 'explain needs a URL: gibbon explain URL'],
  [['/a', '/b'], '"/b" is one word too many'],
  [['ftp://x/'], '400 Cannot read url "ftp://x/"'],
  [['/a', '-H', 'x'], '400 Write header=Name: value'],
  [['/a', '--kong-addr', 'nope'], '--kong-addr "nope"'],
  [['/a', '--kong-addr', 'http://h:1'], 'cannot reach http://h:1'],
  [['/a', '--kong-addr', 'http://h:2'], '404 Not found'],
  [['/a', '--kong-addr', 'http://h:3'], 'http://h:3 does not explain: it is no gibbon'],
])('ends %j with one clear line', async (words, line) => {
  const { code, out, err } = await (await terminal()).run(words)
  expect([code, out]).toEqual([1, ''])
  expect(err).toContain(line)
  expect(err.trim()).not.toContain('\n')
})

it('docs/explain.md can be typed as it stands', async () => {
  const page = readFileSync(new URL('../../docs/explain.md', import.meta.url), 'utf8')
  const lines = page.split('\n').filter((line) => line.startsWith('gibbon '))
  expect(lines.length).toBeGreaterThan(1)
  for (const line of lines) {
    // As a shell takes the words apart.
    const words = (line.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replaceAll("'", ''))
    const { err } = await (await terminal()).run(words.slice(2))
    expect({ line, err }).toEqual({ line, err: '' })
  }
})
