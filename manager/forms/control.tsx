import type { Child } from 'hono/jsx'
import type { Way } from './layout.ts'
import type { SchemaField } from './schema.ts'
import type { Form } from './use-form.ts'
import { labelOf } from './words.ts'

/** What every control of a form is given. */
export interface ControlProps {
  readonly form: Form
  readonly field: SchemaField
  /** Where its draft is: `config.redis.host`. */
  readonly path: string
}

/** What ties a control to its label, its hint and its error. */
export interface Ties {
  readonly id: string
  readonly 'aria-describedby': string | undefined
  readonly 'aria-invalid': 'true' | undefined
  readonly 'aria-required': 'true' | undefined
}

/** How a field is shown: by its place, the numbers in it left out. */
export function wayOf({ form, path }: Pick<ControlProps, 'form' | 'path'>): Way {
  const plain = path.replaceAll(/\.\d+(?=\.|$)/g, '')
  return form.layout.ways?.[plain] ?? {}
}

/** The label of a field; rows of a list are counted. */
export function nameFor(props: ControlProps): string {
  const [, place] = /\.(\d+)$/.exec(props.path) ?? []
  const name = wayOf(props).label ?? labelOf(props.path)
  return place === undefined ? name : `${name} ${Number(place) + 1}`
}

/** The id of a field's control. */
export function idFor(path: string): string {
  return `field-${path}`
}

/** Ties for a field's control. */
export function tiesOf(props: ControlProps, below = false): Ties {
  const { form, field, path } = props
  const id = idFor(path)
  const problem = form.problem(path, below)
  const described = [
    ...(hintFor(props) === undefined ? [] : [`${id}-hint`]),
    ...(problem === undefined ? [] : [`${id}-error`]),
  ]
  return {
    id,
    'aria-describedby': described.length === 0 ? undefined : described.join(' '),
    'aria-invalid': problem === undefined ? undefined : 'true',
    'aria-required': isNeeded(field) ? 'true' : undefined,
  }
}

/** A label, the control, and below it what helps and what is wrong. */
export function Labelled({
  children,
  below = false,
  ...props
}: ControlProps & { children?: Child; below?: boolean }) {
  return (
    <div class="form-field">
      <label for={idFor(props.path)} class={isNeeded(props.field) ? 'needed' : undefined}>
        {nameFor(props)}
      </label>
      {children}
      <Notes {...props} below={below} />
    </div>
  )
}

/** A field's hint and its error. */
export function Notes({ below = false, ...props }: ControlProps & { below?: boolean }) {
  const id = idFor(props.path)
  const hint = hintFor(props)
  const problem = props.form.problem(props.path, below)
  return (
    <>
      {hint === undefined ? null : (
        <p key="hint" class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {problem === undefined ? null : (
        <p key="error" class="field-error" id={`${id}-error`}>
          {problem}
        </p>
      )}
    </>
  )
}

/** Whether a value must be there and none comes by itself. */
export function isNeeded({ required, auto, default: standard }: SchemaField): boolean {
  return required && !auto && standard === undefined
}

function hintFor(props: ControlProps): string | undefined {
  const { field } = props
  const { hint } = wayOf(props)
  if (hint !== undefined) return hint
  if (field.between !== undefined && field.between[1] < 1e9) {
    return `${field.between[0]} to ${field.between[1]}`
  }
  if (field.deprecated) return 'Old; another field has taken its place'
  if (field.auto && field.type === 'string') return 'Made up when left empty'
  return field.referenceable ? 'May name a secret: {vault://…}' : undefined
}
