import { useEffect, useId, useState } from 'hono/jsx/dom'
import { Button } from './button.tsx'

/** Asks for a text and hands it over when it is sent (Enter or the button), or emptied. */
export function SearchBox({
  label,
  placeholder,
  value,
  onSearch,
  action = 'Filter',
}: {
  label: string
  placeholder?: string
  /** What is searched for now. */
  value: string
  onSearch: (text: string) => void
  action?: string
}) {
  const field = useId()
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  return (
    <form
      class="search"
      onSubmit={(event: Event) => {
        event.preventDefault()
        onSearch(text.trim())
      }}
    >
      <label class="visually-hidden" for={field}>
        {label}
      </label>
      <input
        id={field}
        type="search"
        autocomplete="off"
        spellcheck={false}
        placeholder={placeholder ?? label}
        value={text}
        onInput={(event: InputEvent) => {
          const typed = event.target instanceof HTMLInputElement ? event.target.value : ''
          setText(typed)
          if (typed === '' && value !== '') onSearch('')
        }}
      />
      <Button type="submit">{action}</Button>
    </form>
  )
}
