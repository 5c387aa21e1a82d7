import { Button } from '../parts/button.tsx'
import { type ControlProps, idFor, Notes, nameFor } from './control.tsx'
import { type Draft, elementDraft, isListDraft, startingDraft } from './draft.ts'
import { Field } from './field.tsx'
import type { SchemaField } from './schema.ts'

/** A list of things with several fields, or of long texts: one below the other. */
export function ListRows(props: ControlProps) {
  const { field, path } = props
  const { elements } = field
  if (elements === undefined) return null
  const blank = elements.type === 'record' ? startingDraft(elements) : elementDraft(elements, null)
  return (
    <Rows {...props} blank={blank}>
      {(i) => <Field form={props.form} field={elements} path={`${path}.${i}`} />}
    </Rows>
  )
}

/** Names with a value each. */
export function MapRows(props: ControlProps) {
  const { field, path, form } = props
  const { values } = field
  if (values === undefined) return null
  const key: SchemaField = { ...(field.keys ?? values), name: 'key', required: false, auto: false }
  return (
    <Rows {...props} blank={{ key: '', value: startingDraft(values) }}>
      {(i) => (
        <div class="pair">
          <Field form={form} field={key} path={`${path}.${i}.key`} />
          <Field form={form} field={values} path={`${path}.${i}.value`} />
        </div>
      )}
    </Rows>
  )
}

function Rows({
  blank,
  children,
  ...props
}: ControlProps & { blank: Draft; children: (i: number) => unknown }) {
  const { form, path } = props
  const draft = form.get(path)
  const rows = isListDraft(draft) ? draft : []
  const name = nameFor(props)
  return (
    <fieldset class="form-field rows" id={idFor(path)} tabindex={-1}>
      <legend>{name}</legend>
      {rows.map((_, i) => (
        <div class="row" key={String(i)}>
          <div class="row-fields">{children(i)}</div>
          <Button
            kind="quiet"
            label={`Remove ${name} ${i + 1}`}
            onClick={() =>
              form.set(
                path,
                rows.filter((_, at) => at !== i),
              )
            }
          >
            ×
          </Button>
        </div>
      ))}
      <Button key="add" onClick={() => form.set(path, [...rows, blank])}>
        Add {name.toLowerCase()}
      </Button>
      <Notes key="notes" {...props} />
    </fieldset>
  )
}
