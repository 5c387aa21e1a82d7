import { afterAll, beforeAll } from 'vitest'
import type { CallState, StateRef } from '../../adapters/workers/gateway-state.ts'
import { createDurableKV } from '../../adapters/workers/kv.ts'
import { createDurableStore } from '../../adapters/workers/store.ts'
import { type OwnWorker, startWorker } from '../runtimes/start-worker.ts'
import { describeKV } from './kv.ts'
import { describeStore } from './store.ts'

let worker: OwnWorker
let places = 0

beforeAll(async () => {
  worker = await startWorker(new URL('sql-worker.ts', import.meta.url))
}, 60_000)
afterAll(() => worker?.stop())

describeStore('Durable Object', async () => {
  const call = callsTo(`store${places++}`, () => 0)
  return { open: async () => createDurableStore(call) }
})

describeKV('Durable Object', async () => {
  const place = `kv${places++}`
  return { open: async (now) => createDurableKV(callsTo(place, now)) }
})

/** Calls one object's tables over HTTP, as an isolate does over RPC. */
function callsTo(place: string, now: () => number): CallState {
  const methods = new Proxy(
    {},
    {
      get:
        (_, method) =>
        async (...args: readonly unknown[]) => {
          const body = JSON.stringify({ place, method, args, now: now() })
          const answer = await fetch(worker.url, { method: 'POST', body })
          const { result, error } = (await answer.json()) as { result: unknown; error?: string }
          if (error !== undefined) throw new Error(error)
          return result
        },
    },
  )
  // It answers to every name, those of the Durable Object among them.
  return (call) => call(methods as StateRef)
}
