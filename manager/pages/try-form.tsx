import type { Child } from 'hono/jsx'
import { useId } from 'hono/jsx/dom'

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
  const text = (name: keyof Draft) => ({
    id: `${id}-${name}`,
    value: draft[name],
    onInput: (event: InputEvent) => onDraft({ ...draft, [name]: typedIn(event) }),
  })
  return (
    <form
      class="try-form"
      onSubmit={(event: Event) => {
        event.preventDefault()
        onSubmit()
      }}
    >
      <div class="try-line">
        <p class="field">
          <label for={`${id}-method`}>Method</label>
          <select {...text('method')}>
            {METHODS.map((method) => (
              <option key={method} value={method} selected={method === draft.method}>
                {method}
              </option>
            ))}
          </select>
        </p>
        <p class="field">
          <label for={`${id}-url`}>URL or path</label>
          <input
            type="text"
            {...text('url')}
            placeholder="http://example.com/mock/users?page=2"
            autocomplete="off"
            spellcheck={false}
          />
        </p>
      </div>
      <details>
        <summary>Headers, body and client address</summary>
        <p class="field">
          <label for={`${id}-headers`}>Headers, one a line</label>
          <textarea {...text('headers')} rows={4} placeholder="X-Version: 2" spellcheck={false} />
        </p>
        <p class="field">
          <label for={`${id}-body`}>Body (for Send)</label>
          <textarea {...text('body')} rows={4} spellcheck={false} />
        </p>
        <p class="field">
          <label for={`${id}-ip`}>Client IP</label>
          <input type="text" {...text('ip')} placeholder="127.0.0.1" autocomplete="off" />
        </p>
      </details>
      <div class="actions">{children}</div>
    </form>
  )
}

function typedIn({ target }: Event): string {
  const isField =
    target instanceof HTMLInputElement ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement
  return isField ? target.value : ''
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
