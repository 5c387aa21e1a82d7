import { useEffect, useId, useState } from 'hono/jsx/dom'
import { Button } from './button.tsx'
import { textIn } from './typed-text.ts'

/** What a search box is given. */
export interface SearchBoxProps {
  label: string
  placeholder?: string
  /** What is searched for now. */
  value: string
  onSearch: (text: string) => void
  action?: string
}

/** Asks for a text and hands it over when it is sent (Enter or the button), or emptied. */
export function SearchBox({
  label,
  placeholder = label,
  value,
  onSearch,
  action = 'Filter',
}: SearchBoxProps) {
  const field = useId()
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  const submit = (event: Event): void => {
    event.preventDefault()
    onSearch(text.trim())
  }
  const type = (event: InputEvent): void => {
    const typed = textIn(event)
    setText(typed)
    if (typed === '' && value !== '') onSearch('')
  }
  return (
    <form class="search" onSubmit={submit}>
      <label class="visually-hidden" for={field}>
        {label}
      </label>
      <input
        id={field}
        type="search"
        autocomplete="off"
        spellcheck={false}
        placeholder={placeholder}
        value={text}
        onInput={type}
      />
      <Button type="submit">{action}</Button>
    </form>
  )
}
