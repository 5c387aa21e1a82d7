/** A JSON value, as stores keep it. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json }

/**
 * One stored thing: an entity under `<table>:<id>`, or a part of what a past commit did under
 * `revisions:<revision>:<part>`.
 */
export interface Entry {
  readonly key: string
  /** Where it is frozen, all in it is. */
  readonly value: Json
}

/** What one commit changes, all or nothing. */
export interface Batch {
  readonly puts: readonly Entry[]
  readonly deletes: readonly string[]
}

/** What a commit came to: the new revision, one more than was expected, or the one that got there first. */
export type CommitResult =
  | { readonly ok: true; readonly revision: number }
  | { readonly ok: false; readonly revision: number }

/** Where configuration is kept. An adapter promises what `test/contract/store.ts` checks. */
export interface Store {
  readonly traits: {
    /** An acknowledged commit survives the end of the process. */
    readonly durable: boolean
    /** Other processes may commit too. */
    readonly shared: boolean
  }
  load(): Promise<{ readonly revision: number; readonly entries: readonly Entry[] }>
  /** Applies the batch when the store is still at `expectedRevision`; rejects when it cannot be made durable. */
  commit(expectedRevision: number, batch: Batch): Promise<CommitResult>
  /** The newest revision; cheap, so that others' commits are noticed at a tick. */
  revision(): Promise<number>
  close(): Promise<void>
}
