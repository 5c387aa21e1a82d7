import type { Batch, CommitResult, Entry } from '../../src/ports/store.ts'
import type { Wire } from './wire.ts'

/** What one process asks of the other, which holds the store and the KV. */
export interface StorageCalls {
  load(): Promise<Loaded>
  commit(expectedRevision: number, batch: Batch): Promise<CommitResult>
  revision(): Promise<number>
  get(key: string): Promise<string | undefined>
  set(key: string, value: string, ttl?: number): Promise<void>
  delete(key: string): Promise<void>
  list(prefix: string): Promise<readonly (readonly [key: string, value: string])[]>
  increment(key: string, by: number, ttl?: number): Promise<number>
  /** Whether the node is being taken out of service, for all its processes. */
  isDraining(): Promise<boolean>
  drain(): Promise<void>
}

/** All that a store has. */
export interface Loaded {
  readonly revision: number
  readonly entries: readonly Entry[]
  readonly durable: boolean
}

/** A question, its answer, and what is told unasked. */
export type StorageMessage =
  | {
      readonly kind: 'call'
      readonly id: number
      readonly method: string
      readonly args: unknown[]
    }
  | {
      readonly kind: 'reply'
      readonly id: number
      readonly value?: unknown
      readonly error?: string
    }
  | { readonly kind: 'follow' }
  | { readonly kind: 'committed'; readonly revision: number; readonly batch: Batch }

/** The asking end. */
export interface StorageCaller extends StorageCalls {
  /**
   * Calls back for each commit of another process from now on, in their order and before any later
   * answer.
   */
  onCommitted(listener: CommitListener): void
}

type CommitListener = (revision: number, batch: Batch) => void

/** Makes calls over a wire; those under way when it closes reject. */
export function createStorageCaller(wire: Wire): StorageCaller {
  const pending = new Map<number, Pending>()
  const listeners: CommitListener[] = []
  let ids = 0
  let closed = false
  wire.onClose(() => {
    closed = true
    for (const { reject } of pending.values()) reject(new Error(AWAY))
    pending.clear()
  })
  wire.onMessage((message) => {
    if (isStorageMessage(message)) take(message, { pending, listeners })
  })
  // Proof: the other end answers each method with what the same table of types says.
  const call = (method: keyof StorageCalls, ...args: unknown[]): Promise<never> => {
    if (closed) return Promise.reject(new Error(AWAY))
    const id = ++ids
    return new Promise((resolve, reject) => {
      pending.set(id, { resolve: resolve as (value: unknown) => void, reject })
      wire.send({ kind: 'call', id, method, args } satisfies StorageMessage)
    })
  }
  return {
    load: () => call('load'),
    commit: (expectedRevision, batch) => call('commit', expectedRevision, batch),
    revision: () => call('revision'),
    get: (key) => call('get', key),
    set: (key, value, ttl) => call('set', key, value, ttl),
    delete: (key) => call('delete', key),
    list: (prefix) => call('list', prefix),
    increment: (key, by, ttl) => call('increment', key, by, ttl),
    isDraining: () => call('isDraining'),
    drain: () => call('drain'),
    onCommitted(listener) {
      if (listeners.push(listener) === 1) wire.send({ kind: 'follow' } satisfies StorageMessage)
    },
  }
}

const AWAY = 'Cannot reach the process that keeps the store'

/** Who waits for what the other end says. */
interface Listening {
  readonly pending: Map<number, Pending>
  readonly listeners: readonly CommitListener[]
}

function take(message: StorageMessage, { pending, listeners }: Listening): void {
  if (message.kind === 'reply') settle(pending, message)
  else if (message.kind === 'committed') {
    for (const listener of listeners) listener(message.revision, message.batch)
  }
}

interface Pending {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

function settle(
  pending: Map<number, Pending>,
  { id, value, error }: Extract<StorageMessage, { kind: 'reply' }>,
): void {
  const asked = pending.get(id)
  pending.delete(id)
  if (error === undefined) asked?.resolve(value)
  else asked?.reject(new Error(error))
}

/** Tells them from what else goes over the same wire. */
export function isStorageMessage(message: object): message is StorageMessage {
  return 'kind' in message && KINDS.has(message.kind)
}

const KINDS: ReadonlySet<unknown> = new Set(['call', 'reply', 'follow', 'committed'])
