import { textIn } from '../parts/typed-text.ts'
import { idFor } from './control.tsx'
import { textOf } from './draft.ts'
import type { Form } from './use-form.ts'

const PATH = '@url'

/** A service's place as one URL; what the gateway says of its parts is said here. */
export function UrlField({ form }: { form: Form }) {
  const id = idFor(PATH)
  const parts = ['protocol', 'host', 'port', 'path'].map((path) => form.refused.at.get(path))
  const problem = form.problem(PATH) ?? parts.find((text) => text !== undefined)
  return (
    <div class="form-field">
      <label for={id} class="needed">
        Upstream URL
      </label>
      <input
        id={id}
        type="text"
        inputmode="url"
        autocomplete="off"
        spellcheck={false}
        placeholder="http://example.com:80/path"
        aria-required="true"
        aria-invalid={problem === undefined ? undefined : 'true'}
        aria-describedby={problem === undefined ? undefined : `${id}-error`}
        value={textOf(form.get(PATH))}
        onInput={(event: InputEvent) => form.set(PATH, textIn(event))}
        onBlur={() => form.touch(PATH)}
      />
      {problem === undefined ? null : (
        <p class="field-error" id={`${id}-error`}>
          {problem}
        </p>
      )}
    </div>
  )
}
