import type { Row } from '../schema/entity.ts'
import { EntityError } from '../schema/entity-error.ts'
import type { Draft } from '../store/draft.ts'
import { PreconditionFailed } from '../store/precondition-failed.ts'
import { readSteps, type Step } from './batch-steps.ts'
import type { Desk } from './desk.ts'
import { forced } from './lookup.ts'
import { json, Refusal, type Reply } from './reply.ts'
import type { Call, Resource } from './resource.ts'

/** Makes a row, or replaces it whole. */
export type Put = (
  draft: Draft,
  row: { readonly id: string; readonly input: Readonly<Record<string, unknown>> },
) => Promise<Row>

/** What `/batch` works on. */
export interface BatchSources {
  readonly desk: Desk
  /** How the entities are put whose Admin form is more than their row. */
  readonly puts: ReadonlyMap<string, Put>
}

/** Ours: many puts and deletes as one commit, all or none. */
export function batchResources(sources: BatchSources): Resource[] {
  const POST = (call: Call) => runBatch(call, sources)
  return [{ pattern: '/batch', takesDocument: true, handlers: { POST } }]
}

async function runBatch(call: Call, { desk, puts }: BatchSources): Promise<Reply> {
  if (call.payload.kind !== 'json') throw new Refusal(415, 'Unsupported media type')
  const { steps, rehearsal } = readSteps(call.payload.value, desk.store.entities)
  try {
    await desk.batch(call, async (draft) => {
      // Asked here, since after another's commit the work is done again.
      expectRevision(call, desk.store.revision)
      for (const step of steps) await take(step, draft, puts)
      if (rehearsal) throw new Rehearsed()
    })
  } catch (error) {
    if (error instanceof StepFailed) return error.reply
    if (!(error instanceof Rehearsed)) throw error
  }
  const put = steps.filter(({ value }) => value !== undefined).length
  return json({ revision: desk.store.revision, put, deleted: steps.length - put })
}

/** Ours: `If-Match: "12"` binds a batch to a revision of all there is. */
function expectRevision({ header }: Call, revision: number): void {
  const wanted = header('if-match')
  if (wanted === undefined || wanted === '*' || wanted === `"${revision}"`) return
  throw new PreconditionFailed(`The configuration is at revision ${revision}, not at ${wanted}`)
}

/** Every step passed, and nothing is to be kept. */
class Rehearsed extends Error {}

/** The first step that was refused, as an answer. */
class StepFailed extends Error {
  readonly reply: Reply

  constructor(at: number, cause: EntityError) {
    super(cause.message, { cause })
    this.reply = { status: cause.status, body: { ...cause.toBody(), step: at } }
  }
}

async function take(step: Step, draft: Draft, puts: ReadonlyMap<string, Put>): Promise<void> {
  try {
    await (step.value === undefined
      ? draft.remove(step.entity, step.id)
      : putRow(draft, step.value, { ...step, put: puts.get(step.entity) }))
  } catch (error) {
    throw error instanceof EntityError ? new StepFailed(step.at, error) : error
  }
}

function putRow(
  draft: Draft,
  value: NonNullable<Step['value']>,
  { entity, id, put }: Pick<Step, 'entity' | 'id'> & { readonly put: Put | undefined },
): Promise<Row> {
  const input = forced(value, { id })
  return put === undefined ? draft.upsert(entity, id, input) : put(draft, { id, input })
}
