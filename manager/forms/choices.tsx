import { textIn } from '../parts/typed-text.ts'
import { type ControlProps, idFor, Labelled, Notes, nameFor, tiesOf, wayOf } from './control.tsx'
import { isListDraft, textOf } from './draft.ts'

/** One of a few. */
export function ChoiceField({ disabled = false, ...props }: ControlProps & { disabled?: boolean }) {
  const { form, field, path } = props
  const choices = wayOf(props).choices ?? field.oneOf ?? []
  const value = textOf(form.get(path))
  return (
    <Labelled {...props}>
      <select
        {...tiesOf(props)}
        disabled={disabled}
        value={value}
        onInput={(event: Event) => form.set(path, textIn(event))}
      >
        {field.required || value !== '' ? null : (
          <option key="none" value="">
            Not set
          </option>
        )}
        {choices.map((choice) => (
          <option key={choice} value={String(choice)} selected={String(choice) === value}>
            {String(choice)}
          </option>
        ))}
      </select>
    </Labelled>
  )
}

/** On or off; one that may also be neither is a choice of three. */
export function SwitchField(props: ControlProps) {
  const { form, field, path } = props
  const value = form.get(path)
  if (field.default === undefined && !field.required) return <ThreeWay {...props} />
  return (
    <div class="form-field">
      <label class="check">
        <input
          type="checkbox"
          {...tiesOf(props)}
          checked={value === true}
          onInput={(event: Event) =>
            form.set(path, event.target instanceof HTMLInputElement && event.target.checked)
          }
        />
        <span>{nameFor(props)}</span>
      </label>
      <Notes {...props} />
    </div>
  )
}

function ThreeWay(props: ControlProps) {
  const { form, path } = props
  const value = form.get(path)
  return (
    <Labelled {...props}>
      <select
        {...tiesOf(props)}
        value={value === null ? '' : String(value)}
        onInput={(event: Event) => {
          const text = textIn(event)
          form.set(path, text === '' ? null : text === 'true')
        }}
      >
        <option value="">Not set</option>
        <option value="true">Yes</option>
        <option value="false">No</option>
      </select>
    </Labelled>
  )
}

/** Some of a few, each with its box. */
export function ManyChoices(props: ControlProps) {
  const { form, field, path } = props
  const choices = wayOf(props).choices ?? field.elements?.oneOf ?? []
  const draft = form.get(path)
  const chosen = isListDraft(draft) ? draft.map(textOf) : []
  const toggle = (choice: string) =>
    form.set(
      path,
      chosen.includes(choice) ? chosen.filter((one) => one !== choice) : [...chosen, choice],
    )
  return (
    <fieldset class="form-field boxes" id={idFor(path)} tabindex={-1}>
      <legend>{nameFor(props)}</legend>
      {choices.map(String).map((choice) => (
        <label class="check" key={choice}>
          <input
            type="checkbox"
            aria-invalid={tiesOf(props, true)['aria-invalid']}
            checked={chosen.includes(choice)}
            onInput={() => toggle(choice)}
          />
          <span>{choice}</span>
        </label>
      ))}
      <Notes {...props} below />
    </fieldset>
  )
}
