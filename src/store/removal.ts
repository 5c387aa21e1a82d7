import type { Row } from '../schema/entity.ts'
import { entityErrors } from '../schema/entity-error.ts'
import { getOwn, isObject } from '../schema/field.ts'
import { type Edit, type Tables, tableOf } from './tables.ts'

/** The edits of a removal with all that goes with the row; throws code 19 or 4 when a row must stay. */
export function planRemoval(tables: Tables, entity: string, id: string): Edit[] {
  const gone = new Map<string, Edit>()
  const loosened = new Map<string, Edit>()
  const open: Edit[] = [{ entity, id, row: undefined }]
  for (let edit = open.pop(); edit !== undefined; edit = open.pop()) {
    gone.set(`${edit.entity}:${edit.id}`, edit)
    for (const link of linksTo(tables, edit)) {
      if (link.onDelete === 'restrict') continue
      if (link.onDelete === 'null') loosen(tables, loosened, link)
      else if (!gone.has(`${link.entity}:${link.id}`)) open.push({ ...link, row: undefined })
    }
  }
  for (const edit of gone.values()) checkUnlisted(tables, edit, gone)
  for (const edit of gone.values()) {
    for (const { onDelete, entity: by, id } of linksTo(tables, edit)) {
      if (onDelete !== 'restrict' || gone.has(`${by}:${id}`)) continue
      throw entityErrors.foreignKeyRestricted(edit.entity, by)
    }
  }
  const kept = [...loosened].filter(([key]) => !gone.has(key)).map(([, edit]) => edit)
  // Children first, so that no subscriber sees a row that points at nothing.
  return [...kept, ...[...gone.values()].reverse()]
}

interface Link {
  readonly entity: string
  readonly id: string
  readonly field: string
  readonly onDelete: 'cascade' | 'null' | 'restrict'
}

/** The rows that point at a row; those that have expired and wait for their removal go with it. */
function linksTo(tables: Tables, { entity, id }: Edit): Link[] {
  const links: Link[] = []
  for (const [name, table] of tables) {
    for (const { field, to, onDelete } of table.references) {
      if (to !== entity) continue
      for (const child of table.heldChildren(field, id)) {
        const fate = table.has(child) ? onDelete : 'cascade'
        links.push({ entity: name, id: child, field, onDelete: fate })
      }
    }
  }
  return links
}

function loosen(tables: Tables, edits: Map<string, Edit>, { entity, id, field }: Link): void {
  const key = `${entity}:${id}`
  const row = edits.get(key)?.row ?? tableOf(tables, entity).held(id)
  if (row !== undefined) edits.set(key, { entity, id, row: { ...row, id, [field]: null } })
}

/** Throws when a row that stays has the id in a list, such as the CA certificates of a service. */
function checkUnlisted(
  tables: Tables,
  { entity, id }: Edit,
  gone: ReadonlyMap<string, Edit>,
): void {
  for (const { entity: by, field } of tableOf(tables, entity).entity.listedBy ?? []) {
    const path = field.split('.')
    for (const row of tables.get(by)?.rows ?? []) {
      if (gone.has(`${by}:${row.id}`) || !listOf(row, path).includes(id.toLowerCase())) continue
      const what = entity.replaceAll('_', ' ').replace(/s$/, '')
      throw entityErrors.referencedByOthers(
        `${what} ${id} is still referenced by ${by} (id = ${row.id})`,
      )
    }
  }
}

/** The ids a row lists, in lower case; the path leads through records. */
function listOf(row: Row, path: readonly string[]): readonly string[] {
  let value: unknown = row
  for (const name of path) value = isObject(value) ? getOwn(value, name) : undefined
  return Array.isArray(value) ? value.map((id) => String(id).toLowerCase()) : []
}
