import { isUuid } from '../lib/uuid.ts'
import { checkValue } from '../schema/check-value.ts'
import type { Entity, Input } from '../schema/entity.ts'
import { entityErrors, type UnresolvedReference } from '../schema/entity-error.ts'
import { getOwn, isObject } from '../schema/field.ts'
import type { Reference } from './links.ts'
import type { Table } from './table.ts'
import type { Tables } from './tables.ts'

/** Turns `service: {name: 'x'}` into `service: {id}`; throws code 13 for all that name nothing. */
export function resolveReferences(tables: Tables, entity: Entity, input: unknown): unknown {
  const references = tables.get(entity.name)?.references ?? []
  if (!isObject(input) || references.length === 0) return input

  const missing: UnresolvedReference[] = []
  const resolved = new Map<string, unknown>()
  for (const reference of references) {
    const value = getOwn(input, reference.field)
    if (!isObject(value)) continue
    const found = resolve(tables.get(reference.to), reference, value)
    if (Array.isArray(found)) missing.push(...found)
    else resolved.set(reference.field, found)
  }
  if (missing.length > 0) throw entityErrors.foreignKeysUnresolved(missing)
  // `fromEntries` defines members, so a `__proto__` that was sent stays a plain, unknown one.
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => [name, resolved.get(name) ?? value]),
  )
}

/** The row's id, or the keys that name none; without a usable key the schema tells what is missing. */
function resolve(
  table: Table | undefined,
  { field, to }: Reference,
  value: Readonly<Record<string, unknown>>,
): Input | UnresolvedReference[] {
  const id = getOwn(value, 'id')
  if (typeof id === 'string' && isUuid(id)) return { id: table?.get(id)?.id ?? id.toLowerCase() }

  const missing: UnresolvedReference[] = []
  for (const { fields } of table?.uniques ?? []) {
    const [name, second] = fields
    const key = name === undefined ? undefined : getOwn(value, name)
    if (name === undefined || second !== undefined || typeof key !== 'string') continue
    // Kong: a name that no row can have is not looked for; the schema tells what is wrong with it.
    if (checkValue(table?.entity.fields[name] ?? {}, key) !== undefined) continue
    const row = table?.findUnique(fields, { [name]: key })
    // Kong: a key that names a row does not make up for one before it that names none.
    if (row !== undefined) return missing.length > 0 ? missing : { id: row.id }
    missing.push({ field, reference: to, key: { [name]: key } })
  }
  return missing.length > 0 ? missing : value
}
