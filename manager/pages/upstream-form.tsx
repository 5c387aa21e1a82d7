import { ChoiceField } from '../forms/choices.tsx'
import { textOf } from '../forms/draft.ts'
import { FieldAt, fieldAt } from '../forms/field.tsx'
import { Groups } from '../forms/groups.tsx'
import {
  chosenAlgorithm,
  chosenHashing,
  fallbacksOf,
  hasFallback,
  hashFieldsOf,
} from '../forms/upstream.ts'
import type { Form } from '../forms/use-form.ts'
import { HealthChecks } from './upstream-checks.tsx'

/** The upstream's form: general, load balancing, health checks. */
export function UpstreamBody({ form }: { form: Form }) {
  return (
    <Groups
      form={form}
      own={{
        'Load balancing': () => <Balancing form={form} />,
        'Health checks': () => <HealthChecks form={form} />,
      }}
    />
  )
}

function Balancing({ form }: { form: Form }) {
  const hashOn = textOf(form.get('hash_on'))
  const fallback = fieldAt(form.schema.fields, 'hash_fallback')
  const choosing: Form = {
    ...form,
    set(path, value) {
      form.set(path, value)
      form.change(path === 'algorithm' ? chosenAlgorithm(value) : chosenHashing(form.draft, value))
    },
  }
  const told = [...hashFieldsOf(form.draft, 'hash_on')]
  const more = hashFieldsOf(form.draft, 'hash_fallback').filter((path) => !told.includes(path))
  return (
    <>
      <FieldAt key="algorithm" form={choosing} path="algorithm" />
      <FieldAt key="slots" form={form} path="slots" />
      <FieldAt key="hash_on" form={choosing} path="hash_on" />
      {told.map((path) => (
        <FieldAt key={path} form={form} path={path} />
      ))}
      {fallback === undefined ? null : (
        <ChoiceField
          key="hash_fallback"
          form={form}
          field={{ ...fallback, oneOf: fallbacksOf(hashOn, fallback.oneOf ?? []) }}
          path="hash_fallback"
          disabled={!hasFallback(hashOn)}
        />
      )}
      {more.map((path) => (
        <FieldAt key={path} form={form} path={path} />
      ))}
    </>
  )
}
