import type { DraftRecord } from './draft.ts'
import type { Schema, SchemaField } from './schema.ts'
import type { Values } from './values.ts'

/** How one field is shown, beyond what its schema says. */
export interface Way {
  readonly label?: string
  readonly hint?: string
  readonly placeholder?: string
  /** Lines of a text that has several. */
  readonly lines?: number
  readonly secret?: boolean
  readonly choices?: readonly (string | number)[]
  /** A path of the Admin API and the member of its rows that is offered while typing. */
  readonly offers?: { readonly path: string; readonly member: string } | readonly string[]
}

/** By dotted path, lists without their numbers: `headers.value`. */
export type Ways = Readonly<Record<string, Way>>

/** Fields shown together. */
export interface Group {
  readonly title: string
  readonly fields: readonly string[]
  /** Behind a fold, for those who look for it. */
  readonly folded?: boolean
  /** Its fields are placed by hand. */
  readonly own?: boolean
}

/** How the form of a kind of entity is laid out; all of it may be left to the schema. */
export interface Layout {
  readonly groups?: readonly Group[]
  readonly ways?: Ways
  /** Never shown. */
  readonly hidden?: readonly string[]
  /** Sent, but never shown as it is kept: a password of which there is only a digest. */
  readonly unread?: readonly string[]
  /** Fields no schema lists. */
  readonly extra?: readonly SchemaField[]
  /** What the form itself remembers, such as which switch is on; names start with `@`. */
  readonly start?: (draft: DraftRecord, isNew: boolean) => DraftRecord
  /** Makes what depends on other fields follow them; what was typed stays in the form. */
  readonly settle?: (draft: DraftRecord) => DraftRecord
  /** What is wrong beyond what the schema tells; an empty text takes back what that says. */
  readonly check?: (draft: DraftRecord, schema: Schema) => ReadonlyMap<string, string>
  /** What has to be sent along with a change. */
  readonly along?: (change: Values, after: Values, parentId: string | undefined) => Values
}

/** The groups with all fields the schema has; those that nobody placed come last. */
export function groupsOf(layout: Layout, fields: readonly SchemaField[]): readonly Group[] {
  const names = new Set(fields.map(({ name }) => name))
  const groups = (layout.groups ?? []).map((group) => ({
    ...group,
    fields: group.fields.filter((path) => names.has(firstOf(path))),
  }))
  const placed = new Set(groups.flatMap((group) => group.fields.map(firstOf)))
  const rest = fields.map(({ name }) => name).filter((name) => !placed.has(name))
  if (groups.length === 0) return [{ title: '', fields: rest }]
  const more = { title: 'More', fields: rest, folded: true }
  return [...groups, ...(rest.length === 0 ? [] : [more])].filter(({ fields }) => fields.length > 0)
}

function firstOf(path: string): string {
  return path.split('.')[0] ?? path
}
