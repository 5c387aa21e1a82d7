import cluster from 'node:cluster'
import process from 'node:process'
import type { Runtime } from '../../src/ports/runtime.ts'
import { createStorageCaller } from '../ipc/calls.ts'
import { createIpcKV } from '../ipc/kv.ts'
import { openIpcStore } from '../ipc/store.ts'
import type { Wire } from '../ipc/wire.ts'
import { stopAndExit } from './exit.ts'
import { type Read, reasonOf, type Serving, serve } from './serving.ts'
import type { WorkerMessage } from './workers.ts'

/** Whether another process of ours started this one to serve with it. */
export function isWorker(): boolean {
  return cluster.isWorker
}

/** Serves beside others from what the process that started this one keeps. */
export async function serveAsWorker(runtime: Runtime, read: Read): Promise<undefined> {
  const wire = wireToPrimary()
  const tell = (message: WorkerMessage): void => wire.send(message)
  const serving = beside(runtime, read, wire)
  const stop = stopOnce(runtime, serving)
  wire.onMessage((message) => {
    const told = message as WorkerMessage // Proof: the other end runs this code too
    if (told.kind === 'stop') stop()
    else if (told.kind === 'reload') {
      runtime.background(serving.then((one) => one.reload(told.why)))
    }
  })
  // Without it there is nothing to serve from, and the ports are for the one that comes after it.
  wire.onClose(() => process.exit(1))
  // A terminal sends its SIGINT to all; the process that started this one passes on what it means.
  process.on('SIGINT', () => {})
  process.on('SIGHUP', () => {})
  process.on('SIGTERM', stop)
  try {
    await serving
    tell({ kind: 'serving' })
  } catch (error) {
    const failed: WorkerMessage = { kind: 'failed', reason: reasonOf(error) }
    process.send?.(failed, undefined, undefined, () => process.exit(1))
  }
  return undefined
}

async function beside(runtime: Runtime, read: Read, wire: Wire): Promise<Serving> {
  const { kind: _, ...role } = await roleFrom(wire)
  const caller = createStorageCaller(wire)
  const store = await openIpcStore(caller)
  const kv = createIpcKV(caller)
  const draining = { begun: () => caller.isDraining(), begin: () => caller.drain() }
  return serve(runtime, read, { ...role, store, kv, draining, onCommitted: store.onCommitted })
}

function roleFrom(wire: Wire): Promise<Extract<WorkerMessage, { kind: 'role' }>> {
  return new Promise((resolve) => {
    wire.onMessage((message) => {
      const told = message as WorkerMessage // Proof: the other end runs this code too
      if (told.kind === 'role') resolve(told)
    })
    wire.send({ kind: 'hello' } satisfies WorkerMessage)
  })
}

/** Told by a signal and by the other process, maybe both: once is enough. */
function stopOnce(runtime: Runtime, serving: Promise<Serving>): () => void {
  let stopping = false
  return () => {
    if (stopping) return
    stopping = true
    stopAndExit(runtime, serving)
  }
}

/** The process that started this one. */
function wireToPrimary(): Wire {
  return {
    send(message) {
      if (process.connected) process.send?.(message, undefined, undefined, () => {})
    },
    onMessage: (listener) => void process.on('message', (message) => listener(Object(message))),
    onClose: (listener) => void process.on('disconnect', listener),
  }
}
