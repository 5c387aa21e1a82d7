import type { Layout } from './layout.ts'
import type { Schema, SchemaField } from './schema.ts'

/** What decides which fields a form has. */
export interface Shown {
  readonly layout: Layout
  readonly isNew: boolean
  /** The reference that the place already gives, such as `service` for a service's routes. */
  readonly given: string | undefined
}

/** The schema of what can be filled in: without what the gateway makes, or the place gives. */
export function shownSchema(schema: Schema, { layout, isNew, given }: Shown): Schema {
  const hidden = new Set(['id', 'created_at', 'updated_at', given, ...(layout.hidden ?? [])])
  const fields = schema.fields
    .filter((field) => !hidden.has(field.name) && field.only !== null)
    .map((field) => (isNew ? field : mayStay(field, layout)))
  return { ...schema, fields: [...fields, ...(layout.extra ?? [])] }
}

/** What is kept as a digest needs not be typed again. */
function mayStay(field: SchemaField, { unread = [] }: Layout): SchemaField {
  return unread.includes(field.name) ? { ...field, required: false } : field
}
