import type { Child } from 'hono/jsx'
import { useId } from 'hono/jsx/dom'
import { textIn } from '../parts/typed-text.ts'

/** A request as it is being typed. */
export interface Draft {
  readonly method: string
  readonly url: string
  /** One a line: `Name: value`. */
  readonly headers: string
  readonly body: string
  readonly ip: string
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']

/** Where a request is described; the buttons are the caller's. */
export function TryForm({
  draft,
  onDraft,
  onSubmit,
  children,
}: {
  draft: Draft
  onDraft: (draft: Draft) => void
  onSubmit: () => void
  children?: Child
}) {
  const id = useId()
  const fields = (name: keyof Draft) => ({
    id: `${id}-${name}`,
    value: draft[name],
    onInput: (event: InputEvent) => onDraft({ ...draft, [name]: textIn(event) }),
  })
  return (
    <form
      class="try-form"
      onSubmit={(event: Event) => {
        event.preventDefault()
        onSubmit()
      }}
    >
      <RequestLine fields={fields} />
      <RequestRest fields={fields} />
      <div class="actions">{children}</div>
    </form>
  )
}

/** What ties a control to its part of the draft. */
type Fields = (name: keyof Draft) => {
  readonly id: string
  readonly value: string
  readonly onInput: (event: InputEvent) => void
}

function RequestLine({ fields }: { fields: Fields }) {
  const [method, url] = [fields('method'), fields('url')]
  return (
    <div class="try-line">
      <p class="field">
        <label for={method.id}>Method</label>
        <select {...method}>
          {METHODS.map((name) => (
            <option key={name} value={name} selected={name === method.value}>
              {name}
            </option>
          ))}
        </select>
      </p>
      <p class="field">
        <label for={url.id}>URL or path</label>
        <input
          type="text"
          {...url}
          placeholder="http://example.com/mock/users?page=2"
          autocomplete="off"
          spellcheck={false}
        />
      </p>
    </div>
  )
}

function RequestRest({ fields }: { fields: Fields }) {
  const [headers, body, ip] = [fields('headers'), fields('body'), fields('ip')]
  return (
    <details>
      <summary>Headers, body and client address</summary>
      <p class="field">
        <label for={headers.id}>Headers, one a line</label>
        <textarea {...headers} rows={4} placeholder="X-Version: 2" spellcheck={false} />
      </p>
      <p class="field">
        <label for={body.id}>Body (for Send)</label>
        <textarea {...body} rows={4} spellcheck={false} />
      </p>
      <p class="field">
        <label for={ip.id}>Client IP</label>
        <input type="text" {...ip} placeholder="127.0.0.1" autocomplete="off" />
      </p>
    </details>
  )
}

/** The question of a draft. A line that is no header is sent as it stands, to be refused in words. */
export function explainPath({ method, url, headers, ip }: Draft): string {
  const query = new URLSearchParams({ method, url: url.trim() })
  for (const line of linesIn(headers)) query.append('header', line)
  if (ip.trim() !== '') query.set('ip', ip.trim())
  return `/debug/explain?${query}`
}

/** The same as `/debug/send` takes it. */
export function sendingOf({ method, url, headers, body, ip }: Draft): unknown {
  const fields: Record<string, string[]> = {}
  for (const line of linesIn(headers)) {
    const colon = line.indexOf(':')
    const name = colon < 0 ? line : line.slice(0, colon).trim()
    fields[name] = [...(fields[name] ?? []), colon < 0 ? '' : line.slice(colon + 1).trim()]
  }
  return {
    method,
    url: url.trim(),
    headers: fields,
    ...(body === '' ? {} : { body }),
    ...(ip.trim() === '' ? {} : { ip: ip.trim() }),
  }
}

function linesIn(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}
