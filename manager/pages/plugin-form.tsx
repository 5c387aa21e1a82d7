import { Field, FieldAt, fieldAt } from '../forms/field.tsx'
import { Fold } from '../forms/fold.tsx'
import { Section } from '../forms/groups.tsx'
import { SCOPES } from '../forms/plugin.ts'
import type { SchemaField } from '../forms/schema.ts'
import type { Form } from '../forms/use-form.ts'

/** How many fields of a configuration are shown at once. */
const MAIN = 14

const WAYS = [
  { id: 'global', label: 'Global: for all requests' },
  { id: 'scoped', label: 'Scoped: for a service, a route or a consumer' },
] as const

/** A plugin's form: its scope, its configuration, and what all plugins have. */
export function PluginBody({ form }: { form: Form }) {
  return (
    <>
      <Section key="general" title="">
        <FieldAt key="enabled" form={form} path="enabled" />
        {form.get('@scope') === null ? null : <Scope key="scope" form={form} />}
        {scopesOf(form).map((path) => (
          <FieldAt key={path} form={form} path={path} />
        ))}
      </Section>
      <Section key="config" title="Plugin configuration">
        <Config form={form} />
      </Section>
      <Fold key="more" title="Instance name, protocols and tags" wanted={hasGeneralProblem(form)}>
        <FieldAt key="instance_name" form={form} path="instance_name" />
        <FieldAt key="protocols" form={form} path="protocols" />
        <FieldAt key="tags" form={form} path="tags" />
      </Fold>
    </>
  )
}

/** A plugin's schema says which scopes it can have; below another entity all others may be added. */
function scopesOf(form: Form): readonly string[] {
  if (form.get('@scope') === 'global') return []
  return SCOPES.filter((scope) => fieldAt(form.schema.fields, scope) !== undefined)
}

function hasGeneralProblem(form: Form): boolean {
  return ['instance_name', 'protocols', 'tags'].some(
    (path) => form.problem(path, true) !== undefined,
  )
}

function Scope({ form }: { form: Form }) {
  const problem = form.problem('@scope')
  return (
    <fieldset class="form-field boxes" tabindex={-1}>
      <legend>Scope</legend>
      {WAYS.map(({ id, label }) => (
        <label class="check" key={id}>
          <input
            type="radio"
            name="scope"
            checked={form.get('@scope') === id}
            onInput={() => form.change({ '@scope': id })}
          />
          <span>{label}</span>
        </label>
      ))}
      {problem === undefined ? null : (
        <p key="error" class="field-error">
          {problem}
        </p>
      )}
    </fieldset>
  )
}

/** First what is plain, then what is grouped; what is old, or too much at once, behind a fold. */
function Config({ form }: { form: Form }) {
  const fields = fieldAt(form.schema.fields, 'config')?.fields ?? []
  const plain = fields.filter((field) => field.type !== 'record' && !field.deprecated)
  const records = fields.filter((field) => field.type === 'record' && !field.deprecated)
  const rest = [...plain.slice(MAIN), ...fields.filter((field) => field.deprecated)]
  if (fields.length === 0) return <p class="soft">There is nothing to configure.</p>
  return (
    <>
      {[...plain.slice(0, MAIN), ...records].map((field) => shown(form, field))}
      {rest.length === 0 ? null : (
        <Fold
          key="rest"
          title="Advanced parameters"
          wanted={rest.some(({ name }) => form.problem(`config.${name}`, true) !== undefined)}
        >
          {rest.map((field) => shown(form, field))}
        </Fold>
      )}
    </>
  )
}

function shown(form: Form, field: SchemaField) {
  return <Field key={field.name} form={form} field={field} path={`config.${field.name}`} />
}
