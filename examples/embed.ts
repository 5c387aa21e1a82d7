// A gateway inside your own program: no port, no file, requests in and responses out.
// Call `embed` from your own code: `(await embed(['localhost:9001'])).proxy(new Request('http://example.com/mock/headers'))`.
// `npx vitest run test/examples.test.ts` does so; Bun, Deno and Node 22.18 read it as it stands.
import { createMemoryKV } from '../adapters/memory/kv.ts'
import { createMemoryStore } from '../adapters/memory/store.ts'
import { createSocketTransport } from '../adapters/node-http/transport.ts'
import { createGateway, type Gateway, readSettings } from '../src/index.ts'

/** Balances `/mock` over these targets. */
export async function embed(targets: readonly string[]): Promise<Gateway> {
  const read = readSettings([new Map([['database', 'off']])])
  if (!read.ok) throw new Error(read.errors.join('\n'))

  const gateway = await createGateway({
    store: createMemoryStore(),
    kv: createMemoryKV(),
    transport: createSocketTransport(),
    settings: read.settings,
    runtime: {
      name: 'node',
      now: Date.now,
      random: Math.random,
      uuid: () => crypto.randomUUID(),
      log: (level, message) => console.error(level, message),
      background: (work) => void work.catch(console.error),
    },
  })
  await gateway.applyConfig({
    _format_version: '3.0',
    upstreams: [{ name: 'pair', targets: targets.map((target) => ({ target })) }],
    services: [{ name: 'mock', host: 'pair', routes: [{ name: 'mock', paths: ['/mock'] }] }],
  })
  return gateway
}
