import { useState } from 'hono/jsx/dom'
import { textIn } from '../parts/typed-text.ts'
import { type ControlProps, idFor, Labelled, tiesOf, wayOf } from './control.tsx'
import { isListDraft, textOf } from './draft.ts'
import { Offers } from './offers.tsx'

/** Fields whose texts cannot hold a comma: there it ends a word as Enter does. */
const COMMA_ENDS = /(^|\.)(tags|hosts|snis|methods|http_statuses|ca_certificates)$/

/**
 * A list of short texts: each a chip, and a box for the next. What stands in the box is the list's last
 * word already, so nothing is forgotten that was not yet entered.
 */
export function WordList(props: ControlProps) {
  const { closed, box, remove } = useWords(props)
  return (
    <Labelled {...props} below>
      <div class="words">
        {closed.map((word, i) => (
          <Chip key={`${i} ${word}`} word={word} onRemove={() => remove(i)} />
        ))}
        <NextWord key="next" {...props} box={box} />
      </div>
    </Labelled>
  )
}

/** The words that have ended, and the box in which the last may still be typed. */
function useWords({ form, field, path }: ControlProps) {
  const [typing, setTyping] = useState(false)
  const draft = form.get(path)
  const words = isListDraft(draft) ? draft.map(textOf) : []
  const closed = typing ? words.slice(0, -1) : words
  const comma = COMMA_ENDS.test(path) || field.elements?.type !== 'string'
  const box: Box = {
    value: typing ? (words.at(-1) ?? '') : '',
    onInput(event) {
      const { ended, last } = split(textIn(event), comma)
      form.set(path, [...closed, ...ended, ...(last === '' ? [] : [last])])
      setTyping(last !== '')
    },
    onKeydown(event) {
      if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
        event.preventDefault()
        setTyping(false)
      } else if (event.key === 'Backspace' && box.value === '' && closed.length > 0) {
        form.set(path, closed.slice(0, -1))
      }
    },
    onBlur() {
      setTyping(false)
      form.touch(path)
    },
    hint: comma ? 'Enter or comma adds another' : 'Enter adds another',
  }
  const remove = (at: number) =>
    form.set(
      path,
      words.filter((_, i) => i !== at),
    )
  return { closed, box, remove }
}

function Chip({ word, onRemove }: { word: string; onRemove: () => void }) {
  return (
    <span class="tag">
      {word}
      <button type="button" aria-label={`Remove ${word}`} onClick={onRemove}>
        ×
      </button>
    </span>
  )
}

interface Box {
  readonly value: string
  readonly hint: string
  readonly onInput: (event: Event) => void
  readonly onKeydown: (event: KeyboardEvent) => void
  readonly onBlur: () => void
}

/** The box for what comes next, with what is offered for it. */
function NextWord({ box: { hint, ...box }, ...props }: ControlProps & { box: Box }) {
  const { offers, placeholder } = wayOf(props)
  const list = offers === undefined ? undefined : `${idFor(props.path)}-offers`
  return (
    <>
      <input
        type="text"
        autocomplete="off"
        {...tiesOf(props, true)}
        {...box}
        list={list}
        placeholder={placeholder ?? hint}
      />
      {list === undefined || offers === undefined ? null : <Offers id={list} offers={offers} />}
    </>
  )
}

/** Words that have ended, and the one that has not. */
function split(text: string, comma: boolean) {
  const parts = comma ? text.split(',') : [text]
  const ended = parts.slice(0, -1).map((part) => part.trim())
  return { ended: ended.filter((part) => part !== ''), last: parts.at(-1)?.trimStart() ?? '' }
}
