import type { Entity, Row } from './entity.ts'
import { fieldsOf, kindOf } from './kind.ts'
import { echoShorthands } from './shorthand.ts'

/** A row as reads show it: what the entity makes of it, deprecated fields beside their successors. */
export function showRow(entity: Entity, row: Row): Row {
  const shown = entity.show?.(row) ?? row
  return echoShorthands(fieldsOf(entity, kindOf(entity, row).subschema), shown)
}
