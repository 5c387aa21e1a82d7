import type { Entity, Input, Row } from '../schema/entity.ts'
import { type FieldErrors, noErrors } from '../schema/error-tree.ts'
import { getOwn, isObject } from '../schema/field.ts'
import type { ValidateContext } from '../schema/validate.ts'
import { inSlices } from '../store/in-slices.ts'
import { type Doubt, settleDoubts } from './doubts.ts'
import { checkRemarks, collectEntries, type Entry, isRemark } from './entries.ts'
import { finishRows } from './finish-rows.ts'
import { assignIds, indexEntries } from './identity.ts'
import { makeRow, resolveEntry } from './make-row.ts'
import type { Earlier } from './memory.ts'
import { reportErrors } from './report.ts'
import { FORMATS, isMissingTable, refuseTable } from './tables.ts'
import { findClashes } from './uniqueness.ts'
import { unreadable } from './violation.ts'

/** What a document is read with. */
export interface ReadOptions {
  readonly entities: readonly Entity[]
  readonly context: ValidateContext
  /** Kong's `flatten_errors`: errors by entity besides the tree. */
  readonly flatten?: boolean
  /** What the document takes the place of: what it does not change keeps its ids and times. */
  readonly earlier?: Earlier
}

/** Rows by table. */
export type RowsByTable = Record<string, Row[]>

/** What a document says. */
export interface DeclarativeRows {
  /** To be kept: secrets hashed, digests taken. */
  readonly rows: RowsByTable
  /** As the document has them, defaults filled in. */
  readonly shown: RowsByTable
}

/** The rows of a parsed document; rejects with all that is wrong with it at once (code 14). */
export async function readDeclarative(
  document: unknown,
  options: ReadOptions,
): Promise<DeclarativeRows> {
  const { flatten = false, earlier } = options
  const entities = options.entities.filter(({ schemaOnly }) => schemaOnly !== true)
  const byName = new Map(entities.map((entity) => [entity.name, entity]))
  const context: ValidateContext = {
    ...options.context,
    entityOf: (name) => byName.get(name),
  }
  if (!isObject(document)) throw unreadable('expected an object')

  const errors = checkTop(document, entities)
  const entries = await collectEntries(document, entities, errors)
  const newId = () => context.newId()
  await assignIds(entries, (entry) => earlier?.idOf(entry, newId) ?? newId())
  const find = await indexEntries(entries)

  const migrating = document._format_version !== '3.0'
  const doubts: Doubt[] = []
  await inSlices(entries, (entry) => {
    const { migrate } = entry.entity
    const input = migrating && migrate !== undefined ? migrate(entry.input) : entry.input
    resolveEntry(entry, { input, find, doubts })
    makeRow(entry, context)
  })
  if (document._transform !== false) await finishRows(entries)
  const late = [...settleDoubts({ doubts, entries, errors }), ...(await findClashes(entries))]

  const problem = reportErrors({ entries, entities, errors, late, doubts, flatten })
  if (problem !== undefined) throw problem
  await earlier?.keepTimes(entries)
  return tablesOf(entities, entries)
}

function checkTop(document: Input, entities: readonly Entity[]): FieldErrors {
  const errors = Object.assign(noErrors(), checkRemarks(document))
  const version = document._format_version ?? null
  if (version === null) errors._format_version = 'required field missing'
  else if (typeof version !== 'string') errors._format_version = 'expected a string'
  else if (!FORMATS.some((format) => format === version)) {
    errors._format_version = `expected one of: ${FORMATS.join(', ')}`
  }
  if (typeof (document._transform ?? true) !== 'boolean') {
    errors._transform = 'expected a boolean'
  }

  for (const name of Object.keys(document)) {
    if (name === '_format_version' || name === '_transform' || isRemark(name)) continue
    if (entities.some((entity) => entity.name === name)) continue
    const error = isMissingTable(name, entities)
      ? refuseTable(name, getOwn(document, name))
      : 'unknown field'
    if (error !== undefined) errors[name] = error
  }
  return errors
}

async function tablesOf(
  entities: readonly Entity[],
  entries: readonly Entry[],
): Promise<DeclarativeRows> {
  const rows: RowsByTable = {}
  const shown: RowsByTable = {}
  for (const { name } of entities) {
    rows[name] = []
    shown[name] = []
  }
  await inSlices(entries, ({ entity: { name }, row, ttl, shown: asSaid }) => {
    const lifetime = ttl === undefined ? undefined : { ttl }
    if (row !== undefined) rows[name]?.push(lifetime ? { ...row, ...lifetime } : row)
    if (asSaid !== undefined) shown[name]?.push(lifetime ? { ...asSaid, ...lifetime } : asSaid)
  })
  return { rows, shown }
}
