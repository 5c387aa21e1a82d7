import { ChoiceField, ManyChoices, SwitchField } from './choices.tsx'
import { type ControlProps, Notes, nameFor, wayOf } from './control.tsx'
import { Fold } from './fold.tsx'
import { ReferenceField } from './reference.tsx'
import { ListRows, MapRows } from './rows.tsx'
import type { SchemaField } from './schema.ts'
import { TextField } from './text.tsx'
import { WordList } from './word-list.tsx'

/** The control for a field, by its type. */
export function Field(props: ControlProps) {
  const { field } = props
  const way = wayOf(props)
  switch (field.type) {
    case 'boolean':
      return <SwitchField {...props} />
    case 'array':
    case 'set':
      return <ListField {...props} />
    case 'map':
      return <MapRows {...props} />
    case 'record':
      return <RecordField {...props} />
    case 'foreign':
      return <ReferenceField {...props} />
    default:
      if (way.choices !== undefined || field.oneOf !== undefined) return <ChoiceField {...props} />
      return <TextField {...props} />
  }
}

function ListField(props: ControlProps) {
  const { elements } = props.field
  const way = wayOf(props)
  if (way.choices !== undefined || elements?.oneOf !== undefined) return <ManyChoices {...props} />
  const plain = elements !== undefined && ['string', 'integer', 'number'].includes(elements.type)
  return plain && way.lines === undefined ? <WordList {...props} /> : <ListRows {...props} />
}

/** A record: its fields in a frame; behind a fold where it is one of many things. */
function RecordField(props: ControlProps) {
  const { field, path, form } = props
  const isRow = /\.\d+$/.test(path)
  const inner = field.fields.map((sub) => (
    <Field key={sub.name} form={form} field={sub} path={`${path}.${sub.name}`} />
  ))
  if (isRow) return <div class="fields">{inner}</div>
  return (
    <Fold title={nameFor(props)} wanted={form.problem(path, true) !== undefined}>
      {inner}
      <Notes key="notes" {...props} />
    </Fold>
  )
}

/** The field at a path, for forms that place fields by hand; nothing where the schema has none. */
export function FieldAt({ path, form }: Pick<ControlProps, 'path' | 'form'>) {
  const field = fieldAt(form.schema.fields, path)
  return field === undefined ? null : <Field form={form} field={field} path={path} />
}

/** Looks a field up by its dotted path. */
export function fieldAt(fields: readonly SchemaField[], path: string): SchemaField | undefined {
  const [first = '', ...rest] = path.split('.')
  const field = fields.find(({ name }) => name === first)
  return rest.length === 0 || field === undefined ? field : fieldAt(field.fields, rest.join('.'))
}
