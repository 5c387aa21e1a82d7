import { changeLine, type RowChange } from '../../src/declarative/changes.ts'
import type { AppliedConfig, Gateway } from '../../src/gateway.ts'
import { messageOf } from '../../src/lib/message-of.ts'
import type { Runtime } from '../../src/ports/runtime.ts'
import { configErrors } from './config-errors.ts'
import type { ConfigSource } from './config-source.ts'

/** Serves a kong.yaml, and serves it anew. */
export interface Reloader {
  /** Reads the file for the first time; rejects when it cannot be served. */
  start(): Promise<void>
  /** Reads it again and tells the log what came of it; `onlyNew` passes over a text it knows. */
  reload(why: string, options?: { readonly onlyNew?: boolean }): Promise<void>
}

/** What cannot be served, with each reason on a line of its own. */
export class UnservableFile extends Error {
  readonly lines: readonly string[]

  constructor(file: string, lines: readonly string[]) {
    super(`${file} cannot be served`)
    this.lines = lines
  }
}

/** How many lines the log gets of one reload. */
const MOST_LINES = 50

/** Ties a kong.yaml to a gateway; what is bad in it changes nothing. */
export function createReloader(
  { name: file, read }: Pick<ConfigSource, 'name' | 'read'>,
  { gateway, runtime }: { readonly gateway: Gateway; readonly runtime: Runtime },
): Reloader {
  let known: string | undefined
  let turn: Promise<void> = Promise.resolve()

  const serve = async (text: string): Promise<AppliedConfig> => {
    known = text
    try {
      return await gateway.applyConfig(text)
    } catch (error) {
      throw new UnservableFile(file, configErrors(error, { file, text }))
    }
  }
  const reload = async (why: string, onlyNew: boolean): Promise<void> => {
    try {
      const text = read()
      if (onlyNew && text === known) return
      const { changes } = await serve(text)
      runtime.log('notice', `${why}: serving ${file} as it is now, ${countOf(changes)}`)
      tell(changes.map(changeLine), (line) => runtime.log('notice', line))
    } catch (error) {
      runtime.log('error', `${why}: ${messageOf(error)}, the old config stays`)
      const lines = error instanceof UnservableFile ? error.lines : []
      tell(lines, (line) => runtime.log('error', line))
    }
  }

  return {
    start: async () => void (await serve(read())),
    reload(why, { onlyNew = false } = {}) {
      turn = turn.then(() => reload(why, onlyNew))
      return turn
    },
  }
}

function countOf({ length }: readonly RowChange[]): string {
  return length === 0 ? 'nothing changed' : length === 1 ? '1 change' : `${length} changes`
}

function tell(lines: readonly string[], say: (line: string) => void): void {
  for (const line of lines.slice(0, MOST_LINES)) say(line)
  if (lines.length > MOST_LINES) say(`and ${lines.length - MOST_LINES} more`)
}
