import type { Entity, FinishContext, Row } from './entity.ts'
import { entriesOf, getOwn } from './field.ts'
import { fieldsOf, kindOf } from './kind.ts'

/** The row after the last step of its write, with the very fields it had; rejects with code 2. */
export async function finishRow(entity: Entity, row: Row, context: FinishContext): Promise<Row> {
  if (entity.finish === undefined) return row
  const finished = await entity.finish(row, context)
  return finished === row ? row : held(entity, row, finished)
}

/** A finish that adds, drops or renames would put into the store what no rule has seen. */
function held(entity: Entity, row: Row, finished: Row): Row {
  if (finished.id !== row.id) throw new Error(`Cannot give a row of ${entity.name} another id`)

  const fields = fieldsOf(entity, kindOf(entity, row).subschema)
  for (const name of Object.keys(finished)) {
    if (!Object.hasOwn(fields, name)) {
      throw new Error(`Cannot finish ${entity.name} with "${name}", which is no field`)
    }
  }
  const ordered = entriesOf(fields).map(([name]) => [name, getOwn(finished, name) ?? null])
  return { ...Object.fromEntries(ordered), id: row.id }
}
