import cluster, { type Worker } from 'node:cluster'
import { availableParallelism } from 'node:os'
import type { Runtime } from '../../src/ports/runtime.ts'
import { createStorageHost, type StorageHost } from '../ipc/host.ts'
import type { Wire } from '../ipc/wire.ts'
import type { Read, Serving } from './serving.ts'
import type { Storage } from './storage.ts'
import { type Child, type ChildEvents, createSupervisor } from './workers-supervisor.ts'

/** What a worker and the process that started it tell each other, beside what they store. */
export type WorkerMessage =
  | { readonly kind: 'hello' }
  | ({ readonly kind: 'role' } & Role)
  | { readonly kind: 'serving' }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'reload'; readonly why: string }
  | { readonly kind: 'stop' }

/** A worker's part. */
export interface Role {
  /** Applies the kong.yaml before it serves; the first one does, and none that takes its place. */
  readonly applies: boolean
  readonly watches: boolean
  /** All are one node. */
  readonly nodeId: string
}

/** How many processes are to serve. */
export function workerCount(chosen: number | 'auto'): number {
  return chosen === 'auto' ? availableParallelism() : chosen
}

/** How long after its time is over a worker is killed, in ms: it cuts what is left by itself. */
const MARGIN = 1_000

/**
 * Serves by several processes on one set of ports. This one keeps the store and the KV, looks
 * after the others, and serves nothing itself.
 */
export async function serveByWorkers(
  runtime: Runtime,
  { process: chosen }: Read,
  { storage, count }: { readonly storage: Storage; readonly count: number },
): Promise<Serving> {
  // Each takes connections from the system itself: handing them on costs short ones a third of their
  // rate, and one that dies would take along what was on its way to it.
  cluster.schedulingPolicy = cluster.SCHED_NONE
  const host = createStorageHost(storage)
  const nodeId = storage.nodeId ?? runtime.uuid()
  const close = async (): Promise<void> => {
    await Promise.all([storage.store.close(), storage.kv.close()])
  }
  const supervisor = createSupervisor<WorkerChild>({
    count,
    log: (level, message, fields) => runtime.log(level, message, { ...fields }),
    spawn(place, again, events) {
      const watches = place === 0
      return forkWorker(host, { applies: watches && !again, watches, nodeId }, events)
    },
  })
  try {
    await supervisor.start()
  } catch (error) {
    await close()
    throw error
  }
  return {
    reload: (why) => supervisor.at(0)?.reload(why),
    async stop() {
      await supervisor.stop(chosen.shutdownTimeout + MARGIN)
      await close()
    },
  }
}

interface WorkerChild extends Child {
  reload(why: string): void
}

function forkWorker(host: StorageHost, role: Role, events: ChildEvents): WorkerChild {
  const worker = cluster.fork()
  const wire = wireTo(worker)
  const tell = (message: WorkerMessage): void => wire.send(message)
  let reason: string | undefined
  wire.onMessage((message) => {
    const told = message as WorkerMessage // Proof: the worker runs this code too
    if (told.kind === 'hello') tell({ kind: 'role', ...role })
    else if (told.kind === 'serving') events.serving()
    else if (told.kind === 'failed') reason = told.reason
  })
  host.serve(wire)
  worker.on('exit', (code: number | null, signal: string | null) => {
    events.ended(reason ?? (signal === null ? `exited with ${code}` : `was killed by ${signal}`))
  })
  return {
    stop: () => tell({ kind: 'stop' }),
    kill: () => void worker.process.kill('SIGKILL'),
    reload: (why) => tell({ kind: 'reload', why }),
  }
}

/** What is sent to one that is gone is lost: its end is told by its exit. */
function wireTo(worker: Worker): Wire {
  worker.on('error', () => {})
  return {
    send(message) {
      if (worker.isConnected()) worker.send(message, undefined, () => {})
    },
    onMessage: (listener) => void worker.on('message', listener),
    onClose: (listener) => void worker.on('disconnect', listener),
  }
}
