import type { Members } from './form.ts'
import { json, message, Refusal, type Reply } from './reply.ts'
import type { Call, Resource } from './resource.ts'

/** The whole configuration as decK's YAML, and the way back. */
export interface ConfigText {
  read(): Promise<{ readonly text: string; readonly warnings: readonly string[] }>
  /** Finds what a text would change, and makes it so unless it is only tried. */
  write(text: string, options: WriteOptions): Promise<Written>
}

/** How a text is to be written. */
export interface WriteOptions {
  /** Whether nothing is to be kept. */
  readonly trial: boolean
  /** The only revision it may be written on. */
  readonly revision: number
  /** The program that asked, for the history. */
  readonly agent: string
}

/** What came of a text. */
export type Written =
  | { readonly kind: 'done'; readonly changes: readonly unknown[]; readonly summary: unknown }
  /** Problems, each with its line where that is known. */
  | {
      readonly kind: 'refused'
      readonly problems: readonly { readonly text: string; readonly line: number | null }[]
    }
  /** Another commit came between. */
  | { readonly kind: 'stale' }

/** What `/config/text` works on. */
export interface ConfigTextSources {
  readonly configText: ConfigText
  readonly store: { readonly revision: number }
  readonly databaseless: boolean
}

/** `/config/text`, which is ours: the whole configuration to read, to edit and to put back. */
export function configTextResource(sources: ConfigTextSources): Resource {
  return {
    pattern: '/config/text',
    takesDocument: true,
    handlers: {
      async GET() {
        const { revision } = sources.store
        return json({ revision, ...(await sources.configText.read()) })
      },
      POST: (call) => write(call, sources),
    },
  }
}

async function write(call: Call, sources: ConfigTextSources): Promise<Reply> {
  const { configText, store, databaseless } = sources
  const { text, trial } = orderOf(call)
  if (databaseless && !trial) {
    return message(405, 'Without a database POST /config takes the whole configuration')
  }
  const wanted = revisionOf(call)
  const revision = wanted ?? store.revision
  if (revision !== store.revision) return STALE
  const agent = call.header('user-agent') ?? ''
  const written = await configText.write(text, { trial, revision, agent })
  if (written.kind === 'stale') return STALE
  if (written.kind === 'refused') {
    const { problems } = written
    return { status: 400, body: { message: refusalText(problems.length), fields: { problems } } }
  }
  const { changes, summary } = written
  return json({ revision: store.revision, dry_run: trial, summary, changes })
}

const STALE = message(
  412,
  'The configuration was changed since you read it: look at the differences again',
)

function refusalText(count: number): string {
  return count === 1 ? 'The configuration has a problem' : `The configuration has ${count} problems`
}

/** The text alone, or `{"text": …, "dry_run": true}`. */
function orderOf({ payload }: Call): { readonly text: string; readonly trial: boolean } {
  if (payload.kind === 'yaml') return { text: payload.text, trial: false }
  const { text, dry_run: trial = false }: Members = payload.value
  if (typeof text !== 'string') throw new Refusal(400, 'Cannot read "text", a text is expected')
  if (typeof trial !== 'boolean') {
    throw new Refusal(400, 'Cannot read "dry_run", a boolean is expected')
  }
  return { text, trial }
}

/** `If-Match: "12"`. */
function revisionOf({ header }: Call): number | undefined {
  const given = header('if-match')
  if (given === undefined || given === '*') return undefined
  const digits = /^"?(\d{1,15})"?$/.exec(given)?.[1]
  if (digits === undefined) throw new Refusal(400, 'Write If-Match with a revision, such as "12"')
  return Number(digits)
}
