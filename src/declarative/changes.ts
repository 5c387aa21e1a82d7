import type { Entity, Row } from '../schema/entity.ts'
import { getOwn } from '../schema/field.ts'
import { sameValue } from './same-value.ts'

/** What became of one row. */
export interface RowChange {
  readonly kind: 'created' | 'updated' | 'deleted'
  readonly entity: string
  readonly id: string
  /** What a person calls it; never a secret. */
  readonly label: string
  /** The fields of an update that differ, in wire order. */
  readonly fields: readonly string[]
}

/** The rows of each table. */
export type Tables = Readonly<Record<string, readonly Row[]>>

/** What leads from one configuration to another, table by table; times alone are no change. */
export function changesBetween(
  entities: readonly Entity[],
  { before, after }: { readonly before: Tables; readonly after: Tables },
): RowChange[] {
  return entities.flatMap((entity) =>
    tableChanges(entity, before[entity.name] ?? [], after[entity.name] ?? []),
  )
}

/** `+ services example`, `~ routes mock paths, hosts`, `- targets 1.2.3.4:80`. */
export function changeLine({ kind, entity, label, fields }: RowChange): string {
  const line = `${SIGNS[kind]} ${entity} ${label}`
  return fields.length === 0 ? line : `${line} ${fields.join(', ')}`
}

const SIGNS = { created: '+', updated: '~', deleted: '-' } as const

function tableChanges(entity: Entity, before: readonly Row[], after: readonly Row[]): RowChange[] {
  if (isSameList(before, after)) return []
  if (before.length === 0) return after.map((row) => changeOf('created', entity, row))
  const old = new Map(before.map((row) => [row.id, row]))
  const changes: RowChange[] = []
  for (const row of after) {
    const known = old.get(row.id)
    old.delete(row.id)
    if (known === undefined) changes.push(changeOf('created', entity, row))
    else if (known !== row) {
      const fields = fieldsThatDiffer(entity, known, row)
      if (fields.length > 0) changes.push(changeOf('updated', entity, row, fields))
    }
  }
  return [...changes, ...Array.from(old.values(), (row) => changeOf('deleted', entity, row))]
}

function isSameList(before: readonly Row[], after: readonly Row[]): boolean {
  return before.length === after.length && after.every((row, i) => row === before[i])
}

const NO_FIELDS: readonly string[] = []

function changeOf(
  kind: RowChange['kind'],
  entity: Entity,
  row: Row,
  fields: readonly string[] = NO_FIELDS,
): RowChange {
  return { kind, entity: entity.name, id: row.id, label: labelOf(row), fields }
}

function fieldsThatDiffer({ fields }: Entity, before: Row, after: Row): string[] {
  return Object.keys(fields).filter((name) => {
    const { auto, timestamp } = fields[name] ?? {}
    if (auto === true && timestamp === true) return false
    return !sameValue(getOwn(before, name), getOwn(after, name))
  })
}

/** Members that name a row and are no secret, the best name first. */
const NAMES = [
  'instance_name',
  'name',
  'username',
  'custom_id',
  'prefix',
  'target',
  'group',
  'kid',
] as const

function labelOf(row: Row): string {
  for (const name of NAMES) {
    const value = getOwn(row, name)
    if (typeof value === 'string' && value !== '') return value
  }
  return row.id
}
