import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PLUGIN_ROWS } from '../plugins/rows.ts'
import { CONSUMER, GUEST, KEYLESS_CONSUMER, OTHER_CONSUMER } from '../plugins/rows-consumer.ts'
import { OAUTH2_TOKENS } from '../plugins/rows-oauth2.ts'
import type { Asked, PluginRow } from '../plugins/rows-row.ts'
import { type RunningGateway, startGateway } from '../runtimes/start.ts'
import { askRow, type GotRow } from './plugins-ask.ts'
import { startAnswering } from './plugins-target.ts'
import { RUNTIMES } from './runtimes.ts'
import type { Target } from './target.ts'

const SETTINGS = { trusted_ips: '127.0.0.1,::1', untrusted_lua: 'sandbox' }

const pathOf = (row: PluginRow) => `/row-${PLUGIN_ROWS.indexOf(row)}`

/** Workers run no Lua, and refuse configurations with functions. */
function rowsOn(runtime: (typeof RUNTIMES)[number]): readonly PluginRow[] {
  if (runtime !== 'workerd') return PLUGIN_ROWS
  return PLUGIN_ROWS.filter(({ plugins }) =>
    plugins.every(({ name }) => name !== 'pre-function' && name !== 'post-function'),
  )
}

function configFor(rows: readonly PluginRow[], port: number): string {
  const services = rows.map((row) => {
    const name = pathOf(row).slice(1)
    const route = { name, paths: [pathOf(row)], strip_path: false, plugins: row.plugins }
    return { name, url: `http://127.0.0.1:${port}`, routes: [route] }
  })
  const config = {
    _format_version: '3.0',
    services,
    consumers: [CONSUMER, OTHER_CONSUMER, KEYLESS_CONSUMER, GUEST],
    oauth2_tokens: OAUTH2_TOKENS,
  }
  return JSON.stringify(config).replaceAll('"{port}"', `${port}`).replaceAll('{port}', `${port}`)
}

describe.each(RUNTIMES)('plugins on %s', (runtime) => {
  const rows = rowsOn(runtime)
  let gateway: RunningGateway
  let target: Target

  beforeAll(async () => {
    target = await startAnswering()
    const configText = configFor(rows, target.port)
    gateway = await startGateway(runtime, { configText, settings: SETTINGS })
  }, 60_000)
  afterAll(() => Promise.all([gateway?.stop(), target.close()]))

  it.each(rows)('$what', async (usual) => {
    const row = runtime === 'workerd' ? { ...usual, ...usual.onWorkers } : usual
    const { asked = {}, before = [], times = 1 } = row
    const path = pathOf(usual)
    const ask = (one: Asked) => askRow(gateway.proxyPort, path, one)
    target.seen.length = 0
    for (const one of before) await ask(one)
    for (let time = 1; time < times; time++) await ask(asked)
    const got = await ask(asked)
    expect([got.status, got.body]).toEqual([row.status, expect.anything()])
    expectHeaders(got.headers, row.headers)
    expectBody(got, row.body)
    const reached =
      row.reached ?? (row.status >= 400 && times + before.length === 1 ? 0 : undefined)
    if (reached !== undefined) expect(target.seen).toHaveLength(reached)
    expectSeen(row, path, target)
  })
})

function expectSeen(row: PluginRow, path: string, target: Target): void {
  const seen = target.seen.at(-1)
  if (row.upstreamPath !== undefined) expect(seen?.url).toBe(path + row.upstreamPath)
  if (row.upstreamMethod !== undefined) expect(seen?.method).toBe(row.upstreamMethod)
  if (typeof row.upstreamBody === 'string') expect(seen?.body).toBe(row.upstreamBody)
  else if (row.upstreamBody !== undefined) expect(seen?.body).toMatch(row.upstreamBody)
  if (row.upstream !== undefined) expectHeaders(receivedBy(seen?.headers ?? []), row.upstream)
}

type HeaderTexts = Readonly<Record<string, string | undefined>>

function expectHeaders(headers: HeaderTexts, expected: PluginRow['headers'] = {}): void {
  for (const [name, value] of Object.entries(expected)) {
    if (value === null) expect([name, headers[name]]).toEqual([name, undefined])
    else if (typeof value === 'string') expect([name, headers[name]]).toEqual([name, value])
    else expect(`${headers[name]}`, name).toMatch(value)
  }
}

function expectBody({ body }: GotRow, expected: PluginRow['body']): void {
  if (expected === undefined) return
  if (typeof expected === 'string') expect(body).toBe(expected)
  else if (expected instanceof RegExp) expect(body).toMatch(expected)
  else expect(JSON.parse(body)).toMatchObject(withPatterns(expected))
}

function withPatterns(members: object): object {
  return Object.fromEntries(
    Object.entries(members).map(([name, value]) => [
      name,
      value instanceof RegExp ? expect.stringMatching(value) : value,
    ]),
  )
}

function receivedBy(list: readonly string[]): HeaderTexts {
  const pairs: [string, string][] = []
  for (let i = 0; i < list.length; i += 2)
    pairs.push([(list[i] ?? '').toLowerCase(), list[i + 1] ?? ''])
  return Object.fromEntries(pairs)
}
