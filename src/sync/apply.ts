import { type AdminClient, refusal } from './client.ts'
import type { Members } from './content.ts'
import { inParallel, type Pace } from './in-parallel.ts'
import { kindOf } from './kinds.ts'
import { type Change, changesOf, type Plan } from './plan.ts'
import { idOf } from './resolve.ts'
import { SyncError } from './sync-error.ts'

/** How a plan came to be: how many writes, and whether as one commit. */
export interface Applied {
  readonly atomic: boolean
  /** What somebody should know besides. */
  readonly warnings: readonly string[]
}

/** A commit's body may have this much; Kong's own limit of any Admin body is 10 MiB. */
const COMMIT_BYTES = 9_000_000

/** Carries a plan out: as one commit where the gateway can, else level by level. */
export async function applyPlan(client: AdminClient, plan: Plan, pace: Pace): Promise<Applied> {
  const changes = changesOf(plan)
  if (changes.length === 0) return { atomic: true, warnings: [] }
  if (!(await takesCommits(client))) return applyByLevel(client, plan, pace)

  const body = { steps: changes.map(stepOf) }
  const bytes = new TextEncoder().encode(JSON.stringify(body)).length
  if (bytes > COMMIT_BYTES) return tooLarge(client, plan, pace)
  pace.progress?.('committing', 0, changes.length)
  const answer = await client.send('POST', '/batch', body)
  if (answer.status === 413) return tooLarge(client, plan, pace)
  if (answer.status >= 300)
    throw new SyncError([`${refusedStep(changes, answer)}; nothing was changed`])
  pace.progress?.('committing', changes.length, changes.length)
  return { atomic: true, warnings: [] }
}

async function tooLarge(client: AdminClient, plan: Plan, pace: Pace): Promise<Applied> {
  const { atomic } = await applyByLevel(client, plan, pace)
  const warning = `${changesOf(plan).length} changes are too large for one commit; they were written one by one`
  return { atomic, warnings: [warning] }
}

async function takesCommits(client: AdminClient): Promise<boolean> {
  const { status } = await client.send('OPTIONS', '/batch')
  return status === 204
}

function stepOf({ kind, id, after }: Change): unknown {
  const { table: entity } = kind
  return after === undefined
    ? { delete: { entity, id } }
    : { put: { entity, id, value: stripped(after) } }
}

function refusedStep(
  changes: readonly Change[],
  answer: { status: number; body: unknown },
): string {
  const { body } = answer
  const step = typeof body === 'object' && body !== null && 'step' in body ? body.step : undefined
  const change = typeof step === 'number' ? changes[step] : undefined
  return refusal(change === undefined ? 'POST /batch' : nameOf(change), answer)
}

/** Kong's way, and decK's: what is referred to first, what refers to it gone first. */
async function applyByLevel(client: AdminClient, plan: Plan, pace: Pace): Promise<Applied> {
  const total = changesOf(plan).length
  let before = 0
  const progress = (doing: string, done: number) => pace.progress?.(doing, before + done, total)
  const waves = [plan.clearing, plan.writes, plan.deletes].flatMap(wavesOf)
  for (const wave of waves) {
    try {
      await inParallel(wave, { ...pace, progress, doing: 'writing' }, (change) =>
        write(client, change),
      )
    } catch (error) {
      if (!(error instanceof SyncError)) throw error
      const note = `the sync stopped at about ${before} of ${total} changes; run it again when this is mended`
      throw new SyncError([...error.problems, note], { cause: error })
    }
    before += wave.length
  }
  return { atomic: false, warnings: [] }
}

/** Runs of changes that may go at once: of one level, and creates apart from updates. */
function wavesOf(changes: readonly Change[]): Change[][] {
  const waves: Change[][] = []
  for (const change of changes) {
    const [last] = waves.at(-1) ?? []
    const joins = last?.kind.level === change.kind.level && last.action === change.action
    if (joins) waves.at(-1)?.push(change)
    else waves.push([change])
  }
  return waves
}

async function write(client: AdminClient, change: Change): Promise<void> {
  const { kind, id, before, after } = change
  const members = after ?? before ?? {}
  const parent =
    kind.under === undefined ? undefined : kindOf(kind.references[kind.under.field] ?? '')
  const collection =
    kind.under === undefined
      ? kind.path
      : `${parent?.path}/${idOf(members[kind.under.field])}/${kind.under.segment}`
  const body = after === undefined ? undefined : stripped(after)
  const method = after === undefined ? 'DELETE' : 'PUT'
  let answer = await client.send(method, `${collection}/${id}`, body)
  // Kong's PUT of a target changes one that is there, and never makes one.
  if (answer.status === 404 && kind.table === 'targets' && after !== undefined)
    answer = await client.send('POST', collection, body)
  const isGone = after === undefined && answer.status === 404
  if (answer.status >= 300 && !isGone) throw new SyncError([refusal(nameOf(change), answer)])
}

function nameOf({ action, kind, label }: Change): string {
  return `cannot ${action} ${kind.word} ${label}`
}

/** A body says nothing of what the files do not say. */
function stripped(members: Members): Members {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}
