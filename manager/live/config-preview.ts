import { type ApiError, callWhole, isRecord } from '../api.ts'

/** The whole configuration as text. */
export interface ConfigText {
  readonly text: string
  readonly revision: number
  readonly warnings: readonly string[]
}

/** What a text would change. */
export interface Preview {
  /** The revision it was compared with. */
  readonly revision: number
  readonly summary: {
    readonly creating: number
    readonly updating: number
    readonly deleting: number
    readonly total: number
  }
  readonly changes: readonly ConfigChange[]
}

/** One change; a field without `before` and `after` holds a secret. */
export interface ConfigChange {
  readonly action: 'create' | 'update' | 'delete'
  readonly kind: string
  readonly table: string
  readonly id: string
  readonly name: string
  readonly fields: readonly {
    readonly path: string
    readonly before?: unknown
    readonly after?: unknown
  }[]
}

/** Something wrong with the text. */
export interface Problem {
  readonly text: string
  readonly line: number | undefined
}

/** Asks what a text would change. */
export async function previewOf(text: string): Promise<Preview> {
  const body = { text, dry_run: true }
  return (await callWhole<Preview>('POST', '/config/text', { body })).body
}

/** Makes it so on the revision it was compared with; gives the new one. */
export async function apply(
  text: string,
  { revision, databaseless }: { readonly revision: number; readonly databaseless: boolean },
): Promise<number | undefined> {
  if (databaseless) {
    const headers = { 'Content-Type': 'text/yaml' }
    return (await callWhole('POST', '/config', { body: text, headers })).revision
  }
  const headers = { 'If-Match': `"${revision}"` }
  return (await callWhole('POST', '/config/text', { body: { text }, headers })).revision
}

/** What the gateway found wrong with a text, each with its line where that is known. */
export function problemsOf(error: ApiError | undefined): readonly Problem[] {
  const list = error?.fields.problems
  if (!Array.isArray(list)) return []
  return list.filter(isRecord).map(({ text, line }) => ({
    text: String(text),
    line: typeof line === 'number' ? line : undefined,
  }))
}

/** Where a line of a text begins and ends. */
export function rangeOfLine(text: string, line: number): readonly [start: number, end: number] {
  let start = 0
  for (let at = 1; at < line; at++) {
    const next = text.indexOf('\n', start)
    if (next < 0) break
    start = next + 1
  }
  const end = text.indexOf('\n', start)
  return [start, end < 0 ? text.length : end]
}
