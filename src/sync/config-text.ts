import { parseDocument } from '../declarative/parse.ts'
import { EntityError } from '../schema/entity-error.ts'
import { type AdminClient, type Answer, adminClient, type Fetch, refusal } from './client.ts'
import { collectWanted } from './collect.ts'
import { joinContent } from './content.ts'
import { readState, schemaReader } from './current.ts'
import { type Change, changesOf, makePlan } from './plan.ts'
import { type Problem, problemFinder } from './problem.ts'
import { type Summary, summarize, withoutSecrets } from './report.ts'
import { type Resolved, resolve } from './resolve.ts'
import { dumpGateway } from './sync.ts'
import { SyncError } from './sync-error.ts'

/** One change, as a page shows it. */
export interface ShownChange {
  readonly action: Change['action']
  readonly kind: string
  readonly table: string
  readonly id: string
  readonly name: string
  /** What differs; all there is of an entity that is created or deleted. Secrets are not told. */
  readonly fields: readonly ShownField[]
}

/** One field of a change; without `before` and `after` it holds a secret. */
export interface ShownField {
  readonly path: string
  readonly before?: unknown
  readonly after?: unknown
}

/** What came of a text. */
export type Written =
  | { readonly kind: 'done'; readonly changes: readonly ShownChange[]; readonly summary: Summary }
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] }
  | { readonly kind: 'stale' }

/** How a text is to be written. */
interface WriteOptions {
  readonly trial: boolean
  readonly revision: number
  readonly agent: string
}

/** What a gateway's configuration is read and written by: its own Admin API. */
export interface ConfigTextOptions {
  readonly fetch: Fetch
  readonly newId: () => string
}

/** What a document's places begin with. */
const NAME = 'config'
const URL = 'http://localhost'
const PACE = { parallelism: 8, selectTags: [] }

/** Reads all there is as one text, and makes it as a text says: as one commit or not at all. */
export function createConfigText({ fetch, newId }: ConfigTextOptions): {
  read(): Promise<{ readonly text: string; readonly warnings: readonly string[] }>
  write(text: string, options: WriteOptions): Promise<Written>
} {
  const client = adminClient({ url: URL, headers: {}, fetch })
  return {
    read: () => dumpGateway({ client, ...PACE }),
    async write(text, options) {
      const find = problemFinder(NAME, text)
      try {
        const found = await plannedFrom(text, { client, newId })
        return await carriedOut(found, { ...options, fetch, find })
      } catch (error) {
        if (!(error instanceof SyncError)) throw error
        return { kind: 'refused', problems: error.problems.map(find) }
      }
    },
  }
}

interface Found {
  readonly changes: readonly Change[]
  readonly resolved: readonly Resolved[]
}

async function plannedFrom(
  text: string,
  { client, newId }: { readonly client: AdminClient; readonly newId: () => string },
): Promise<Found> {
  const content = joinContent([{ name: NAME, document: documentOf(text) }])
  const wanted = collectWanted(content)
  const { selectTags } = content
  const state = await readState(client, selectTags, PACE)
  const resolved = resolve(wanted, { state, selectTags, newId })
  return { resolved, changes: changesOf(await makePlan(resolved, state, schemaReader(client))) }
}

function documentOf(text: string): unknown {
  try {
    return parseDocument(text)
  } catch (error) {
    if (!(error instanceof EntityError)) throw error
    const said = error.fields?.error
    throw new SyncError([`${NAME}: ${typeof said === 'string' ? said : error.message}`])
  }
}

interface Carrying extends WriteOptions {
  readonly fetch: Fetch
  readonly find: (problem: string) => Problem
}

async function carriedOut({ changes, resolved }: Found, options: Carrying): Promise<Written> {
  const { trial, revision, agent, fetch, find } = options
  const done: Written = {
    kind: 'done',
    changes: changes.map(shownChange),
    summary: summarize(changes),
  }
  if (changes.length === 0) return done
  const headers = { 'if-match': `"${revision}"`, ...(agent === '' ? {} : { 'user-agent': agent }) }
  const steps = changes.map(stepOf)
  const body = { steps, ...(trial && { dry_run: true }) }
  const answer = await adminClient({ url: URL, headers, fetch }).send('POST', '/batch', body)
  if (answer.status === 412) return { kind: 'stale' }
  // Without a database nothing is written this way, and what it would come to can be told still.
  if (answer.status < 300 || (trial && answer.status === 405)) return done
  return { kind: 'refused', problems: [find(refusedText(answer, { changes, resolved }))] }
}

function stepOf({ kind, id, after }: Change): unknown {
  const { table: entity } = kind
  if (after === undefined) return { delete: { entity, id } }
  const given = Object.entries(after).filter(([, value]) => value !== undefined)
  return { put: { entity, id, value: Object.fromEntries(given) } }
}

/** Why the commit was refused, with the place of what it was refused for. */
function refusedText(answer: Answer, { changes, resolved }: Found): string {
  const { body } = answer
  const step = typeof body === 'object' && body !== null && 'step' in body ? body.step : undefined
  const change = typeof step === 'number' ? changes[step] : undefined
  if (change === undefined) return refusal(NAME, answer)
  const { action, kind, id, label } = change
  const standing = resolved.find((one) => one.kind === kind && one.id === id)
  const what = refusal(`cannot ${action} ${kind.word} ${label}`, answer)
  return standing === undefined ? what : `${standing.wanted.place}: ${what}`
}

function shownChange(change: Change): ShownChange {
  const { action, kind, id, label: name } = change
  return { action, kind: kind.word, table: kind.table, id, name, fields: fieldsOf(change) }
}

function fieldsOf({ action, before, after, schema, differences }: Change): readonly ShownField[] {
  if (action === 'update') {
    return differences.map(({ path, secret, ...sides }) => (secret ? { path } : { path, ...sides }))
  }
  const side = action === 'create' ? 'after' : 'before'
  const shown = withoutSecrets(schema, after ?? before)
  return Object.entries(typeof shown === 'object' && shown !== null ? shown : {})
    .filter(([path, value]) => !UNTOLD.has(path) && value !== null && value !== undefined)
    .map(([path, value]) => ({ path, [side]: value }))
}

const UNTOLD: ReadonlySet<string> = new Set(['id', 'created_at', 'updated_at'])
