import { writeFileSync } from 'node:fs'
import process from 'node:process'
import type { Fetch } from '../../src/sync/client.ts'

/** What `sync`, `diff` and `dump` ask of the machine. */
export interface SyncPorts {
  readonly fetch: Fetch
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Settles when whoever reads has taken it: a process that ends before cuts it off. */
  readonly out: (text: string) => Promise<void>
  readonly err: (text: string) => void
  /** Whether a person watches `err`. */
  readonly isTerminal: boolean
  readonly now: () => number
  readonly newId: () => string
  readonly readInput: () => Promise<string>
  readonly writeFile: (file: string, text: string) => void
}

/** Longer than any commit of the size a gateway takes. */
const PATIENCE = 120_000

/** The ports of this process. */
export function processPorts(): SyncPorts {
  return {
    fetch: (url, init) => fetch(url, { ...init, signal: AbortSignal.timeout(PATIENCE) }),
    environment: process.env,
    out: (text) => new Promise((resolve) => process.stdout.write(text, () => resolve())),
    err: (text) => process.stderr.write(text),
    isTerminal: process.stderr.isTTY === true,
    now: Date.now,
    newId: () => crypto.randomUUID(),
    readInput,
    // It has keys and passwords in it.
    writeFile: (file, text) => writeFileSync(file, text, { mode: 0o600 }),
  }
}

/** Reads bit by bit: a pipe that is not ready yet cannot be read at once. */
async function readInput(): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of process.stdin) text += decoder.decode(chunk, { stream: true })
  return text + decoder.decode()
}
