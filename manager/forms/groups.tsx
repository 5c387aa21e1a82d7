import type { Child } from 'hono/jsx'
import { FieldAt } from './field.tsx'
import { Fold } from './fold.tsx'
import { type Group, groupsOf } from './layout.ts'
import type { Form } from './use-form.ts'

/** All groups of a form in their order, those nobody placed last; `own` shows what takes a group's place. */
export function Groups({
  form,
  own = {},
}: {
  form: Form
  own?: Readonly<Record<string, () => Child>>
}) {
  return (
    <>
      {groupsOf(form.layout, form.schema.fields).map((group) => (
        <GroupFields key={group.title} form={form} group={group} own={own[group.title]} />
      ))}
    </>
  )
}

function GroupFields({
  form,
  group,
  own,
}: {
  form: Form
  group: Group
  own: (() => Child) | undefined
}) {
  const { title, fields, folded = false } = group
  const content = own?.() ?? fields.map((path) => <FieldAt key={path} form={form} path={path} />)
  if (folded) {
    const wanted = fields.some((path) => form.problem(path, true) !== undefined)
    return (
      <Fold title={title} wanted={wanted}>
        {content}
      </Fold>
    )
  }
  return <Section title={title}>{content}</Section>
}

/** A group of fields below its heading. */
export function Section({ title, children }: { title: string; children?: Child }) {
  return (
    <section class="form-group">
      {title === '' ? null : <h2 key="title">{title}</h2>}
      <div key="fields" class="fields">
        {children}
      </div>
    </section>
  )
}
