import { useState } from 'hono/jsx/dom'
import { textIn } from '../parts/typed-text.ts'
import { type ControlProps, Labelled, tiesOf, wayOf } from './control.tsx'
import { textOf } from './draft.ts'
import type { Way } from './layout.ts'
import { Offers } from './offers.tsx'

/** A line or more of text; a number is one too. */
export function TextField(props: ControlProps) {
  const { form, field, path } = props
  const way = wayOf(props)
  const handlers = {
    ...tiesOf(props),
    value: textOf(form.get(path)),
    placeholder: way.placeholder,
    onInput: (event: InputEvent) => form.set(path, textIn(event)),
    onBlur: () => form.touch(path),
    autocomplete: 'off',
    spellcheck: false,
  } as const
  return <Labelled {...props}>{controlFor()}</Labelled>

  function controlFor() {
    if (field.secret || way.secret === true) return <Masked {...handlers} lines={way.lines} />
    if (way.lines !== undefined || field.type === 'json') {
      return <textarea class="mono" rows={way.lines ?? 4} {...handlers} />
    }
    return <Line handlers={handlers} way={way} isNumber={field.type !== 'string'} />
  }
}

/** One line, with what is offered while one types. */
function Line({
  handlers,
  way: { offers },
  isNumber,
}: {
  handlers: { readonly id: string; readonly [name: string]: unknown }
  way: Way
  isNumber: boolean
}) {
  const list = offers === undefined ? undefined : `${handlers.id}-offers`
  return (
    <>
      <input
        type="text"
        class={isNumber ? 'short' : undefined}
        inputmode={isNumber ? 'decimal' : undefined}
        list={list}
        {...handlers}
      />
      {list === undefined || offers === undefined ? null : <Offers id={list} offers={offers} />}
    </>
  )
}

/** Hidden from those who stand by, until it is asked for. */
function Masked({ lines, ...handlers }: { lines: number | undefined; [name: string]: unknown }) {
  const [shown, setShown] = useState(false)
  return (
    <div class="with-button">
      {lines === undefined ? (
        <input
          key="line"
          {...handlers}
          type={shown ? 'text' : 'password'}
          autocomplete="new-password"
        />
      ) : (
        <textarea key="lines" {...handlers} class={shown ? 'mono' : 'mono masked'} rows={lines} />
      )}
      <button
        type="button"
        class="button"
        aria-pressed={shown ? 'true' : 'false'}
        onClick={() => setShown(!shown)}
      >
        {shown ? 'Hide' : 'Show'}
      </button>
    </div>
  )
}
