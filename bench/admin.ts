// What the Admin API costs with many entities, as a markdown table: `npm run bench:admin`.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openFileStore } from '../adapters/file/store.ts'
import { createMemoryKV } from '../adapters/memory/kv.ts'
import { createMemoryStore } from '../adapters/memory/store.ts'
import { createSocketTransport } from '../adapters/node-http/transport.ts'
import { createGateway, type Gateway } from '../src/gateway.ts'
import type { Runtime } from '../src/ports/runtime.ts'
import type { Store } from '../src/ports/store.ts'
import { readSettings } from '../src/settings/read.ts'

const ROUNDS = 200

const runtime: Runtime = {
  name: 'bench',
  now: Date.now,
  random: Math.random,
  uuid: () => crypto.randomUUID(),
  log: () => undefined,
  background: (work) => void work.catch(() => undefined),
}

async function open(store: Store): Promise<Gateway> {
  const read = readSettings([
    new Map([
      ['database', 'memory'],
      ['unimplemented_plugins', 'ignore'],
    ]),
  ])
  if (!read.ok) throw new Error(read.errors.join('; '))
  return createGateway({
    store,
    kv: createMemoryKV(runtime),
    transport: createSocketTransport(),
    runtime,
    settings: read.settings,
  })
}

async function ask(
  gateway: Gateway,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ offset?: string }> {
  const response = await gateway.admin(
    new Request(`http://127.0.0.1:8001${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    }),
  )
  const text = await response.text()
  if (response.status >= 300) throw new Error(`${method} ${path}: ${response.status} ${text}`)
  return text === '' ? {} : JSON.parse(text)
}

/** CPU and wall time of one call, in ms, as medians of the rounds. */
async function measure(rounds: number, call: (i: number) => Promise<unknown>): Promise<string> {
  const cpu: number[] = []
  const wall: number[] = []
  for (let i = 0; i < rounds; i++) {
    const started = performance.now()
    const before = process.cpuUsage()
    await call(i)
    const { user, system } = process.cpuUsage(before)
    cpu.push((user + system) / 1000)
    wall.push(performance.now() - started)
  }
  return `${median(cpu).toFixed(3)} | ${median(wall).toFixed(3)}`
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0
}

async function table(name: string, store: Store, services: number): Promise<void> {
  const gateway = await open(store)
  const fill = Array.from({ length: services }, (_, i) => ({
    name: `s${i}`,
    host: `h${i}.test`,
    routes: [{ name: `r${i}`, paths: [`/r${i}`] }],
  }))
  const upstreams = [{ name: 'pool.test', targets: [{ target: '127.0.0.1:9001' }] }]
  await gateway.applyConfig({ _format_version: '3.0', services: fill, upstreams })
  const row = (what: string, figures: string) =>
    process.stdout.write(`| ${name} | ${services * 2} | ${what} | ${figures} |\n`)

  row(
    'POST /services',
    await measure(ROUNDS, (i) =>
      ask(gateway, 'POST', '/services', { name: `n${i}`, host: 'a.test' }),
    ),
  )
  row(
    'POST /routes',
    await measure(ROUNDS, (i) =>
      ask(gateway, 'POST', '/services/s1/routes', { paths: [`/n${i}`] }),
    ),
  )
  row(
    'PATCH of a target, then a request',
    await measure(ROUNDS, async (i) => {
      await ask(gateway, 'PATCH', '/upstreams/pool.test/targets/127.0.0.1:9001', {
        weight: 1 + (i % 100),
      })
      await gateway.proxy(new Request('http://127.0.0.1:8000/nowhere'))
    }),
  )
  row(
    'GET /services?size=100',
    await measure(ROUNDS, () => ask(gateway, 'GET', '/services?size=100')),
  )
  const { offset } = await ask(gateway, 'GET', `/services?size=${Math.min(1000, services / 2)}`)
  row(
    'the same, a later page',
    await measure(ROUNDS, () => ask(gateway, 'GET', `/services?size=100&offset=${offset}`)),
  )
  row('GET /services/{name}', await measure(ROUNDS, () => ask(gateway, 'GET', '/services/s1')))
  row(
    'GET /services?tags=none',
    await measure(ROUNDS, () => ask(gateway, 'GET', '/services?tags=none')),
  )
  await gateway.close()
}

process.stdout.write('| store | entities | call | CPU ms | wall ms |\n|---|---|---|---|---|\n')
for (const services of [50, 5000, 50_000]) await table('memory', createMemoryStore(), services)
const folder = mkdtempSync(join(tmpdir(), 'gibbon-bench-'))
try {
  await table('file', await openFileStore(folder), 5000)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
