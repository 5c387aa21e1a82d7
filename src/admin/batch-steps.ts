import { isUuid } from '../lib/uuid.ts'
import type { Entity } from '../schema/entity.ts'
import { isObject } from '../schema/field.ts'
import type { Members } from './form.ts'
import { Refusal } from './reply.ts'

/** One step of a batch. */
export interface Step {
  /** Its place in the batch, from 0. */
  readonly at: number
  readonly entity: string
  readonly id: string
  /** What to put; absent to delete. */
  readonly value?: Members
}

/** The steps a batch asks for, and whether nothing is to be kept of them; throws for what is none. */
export function readSteps(
  { steps, dry_run: rehearsal = false }: Members,
  entities: readonly Entity[],
): { readonly steps: readonly Step[]; readonly rehearsal: boolean } {
  if (!Array.isArray(steps)) throw new Refusal(400, 'Cannot read "steps", an array is expected')
  if (typeof rehearsal !== 'boolean') {
    throw new Refusal(400, 'Cannot read "dry_run", a boolean is expected')
  }
  const names = new Set(entities.filter((entity) => entity.schemaOnly !== true).map(nameOf))
  return { steps: steps.map((step: unknown, at) => readStep(step, at, names)), rehearsal }
}

function nameOf({ name }: Entity): string {
  return name
}

function readStep(step: unknown, at: number, names: ReadonlySet<string>): Step {
  const bad = (reason: string) => new Refusal(400, `Cannot read step ${at}: ${reason}`)
  const given = isObject(step) ? step : {}
  const [verb, other] = Object.keys(given)
  const order = verb === 'put' || verb === 'delete' ? given[verb] : undefined
  if (!isObject(order) || other !== undefined) throw bad('one "put" or "delete" is expected')

  const { entity, id, value } = order
  if (typeof entity !== 'string' || !names.has(entity)) throw bad(`no entity named '${entity}'`)
  if (typeof id !== 'string' || !isUuid(id)) throw bad('"id" must be a UUID')
  if (verb === 'delete') return { at, entity, id }
  if (!isObject(value)) throw bad('"value" must be an object')
  return { at, entity, id, value }
}
