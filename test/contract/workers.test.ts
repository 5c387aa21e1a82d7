import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll } from 'vitest'
import type { CallState, StateRef } from '../../adapters/workers/gateway-state.ts'
import { createDurableKV } from '../../adapters/workers/kv.ts'
import { createDurableStore } from '../../adapters/workers/store.ts'
import { freePorts } from '../runtimes/start.ts'
import { describeKV } from './kv.ts'
import { describeStore } from './store.ts'

/** What is used of the project's scripts, which have no types of their own. */
interface Scripts {
  bundleOf(input: string): Promise<string>
  findWorkerd(): string | undefined
  workerdConfig(parts: object): string
}

const folder = mkdtempSync(join(tmpdir(), 'gibbon-sql-'))
let url = ''
let stop = async (): Promise<void> => {}
let places = 0

beforeAll(async () => {
  const [proxy, admin] = (await freePorts()).map((port) => `127.0.0.1:${port}`)
  const { bundleOf, findWorkerd, workerdConfig } = await scripts()
  const state = join(folder, 'state')
  mkdirSync(state)
  const code = await bundleOf(fileURLToPath(new URL('sql-worker.ts', import.meta.url)))
  writeFileSync(join(folder, 'worker.js'), code)
  const config = join(folder, 'config.capnp')
  writeFileSync(config, workerdConfig({ proxy, admin, state, bindings: {} }))

  const child = spawn(findWorkerd() ?? 'workerd', ['serve', config], { stdio: 'inherit' })
  stop = () =>
    new Promise((resolve) => {
      child.once('close', () => resolve())
      child.kill('SIGKILL')
    })
  url = `http://${proxy}/`
  for (let turn = 0; turn < 400; turn++) {
    if (await isReady(`http://${admin}/`)) return
    await new Promise((done) => setTimeout(done, 25))
  }
  throw new Error('workerd does not answer')
}, 60_000)

afterAll(async () => {
  await stop()
  rmSync(folder, { recursive: true, force: true })
})

describeStore('Durable Object', async () => {
  const call = callsTo(`store${places++}`, () => 0)
  return { open: async () => createDurableStore(call) }
})

describeKV('Durable Object', async () => {
  const place = `kv${places++}`
  return { open: async (now) => createDurableKV(callsTo(place, now)) }
})

async function scripts(): Promise<Scripts> {
  const paths = ['build-worker', 'workerd-config'].map(
    (name) => new URL(`../../scripts/${name}.mjs`, import.meta.url).href,
  )
  return Object.assign({}, ...(await Promise.all(paths.map((path) => import(path)))))
}

function isReady(at: string): Promise<boolean> {
  return fetch(at).then(
    ({ ok }) => ok,
    () => false,
  )
}

/** Calls one object's tables over HTTP, as an isolate does over RPC. */
function callsTo(place: string, now: () => number): CallState {
  const methods = new Proxy(
    {},
    {
      get:
        (_, method) =>
        async (...args: readonly unknown[]) => {
          const body = JSON.stringify({ place, method, args, now: now() })
          const answer = await fetch(url, { method: 'POST', body })
          const { result, error } = (await answer.json()) as { result: unknown; error?: string }
          if (error !== undefined) throw new Error(error)
          return result
        },
    },
  )
  // It answers to every name, those of the Durable Object among them.
  return (call) => call(methods as StateRef)
}
