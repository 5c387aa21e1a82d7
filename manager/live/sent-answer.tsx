import { CodeView } from '../parts/code-view.tsx'
import { millisText } from './texts.ts'

/** What `POST /debug/send` answers. */
export interface Sent {
  readonly status: number
  readonly headers: readonly (readonly [string, string])[]
  /** Null for bytes that are no text. */
  readonly body: string | null
  readonly body_bytes: number
  readonly body_cut: boolean
  readonly timings: { readonly head_ms: number; readonly total_ms: number }
}

/** The answer to a request that was really sent, with the times it took. */
export function SentAnswer({ sent }: { sent: Sent }) {
  const { status, headers, body, timings } = sent
  const mood = status >= 500 ? 'bad' : status >= 400 ? 'warn' : 'good'
  const took = (name: string) =>
    headers.find(([header]) => header.toLowerCase() === name)?.[1] ?? undefined
  return (
    <section class="card" aria-labelledby="sent">
      <h2 id="sent">
        Answer: <span class={mood}>{status}</span>
      </h2>
      <dl class="facts">
        <dt>In all</dt>
        <dd>{millisText(timings.total_ms)}</dd>
        <dt>Until the head</dt>
        <dd>{millisText(timings.head_ms)}</dd>
        <Took name="Of it the target" ms={took('x-kong-upstream-latency')} />
        <Took name="Of it the gateway" ms={took('x-kong-proxy-latency')} />
      </dl>
      <details>
        <summary>Headers: {headers.length}</summary>
        <CodeView
          label="Headers"
          value={headers.map(([name, value]) => `${name}: ${value}`).join('\n')}
        />
      </details>
      {sent.body_bytes === 0 ? <p class="soft">No body.</p> : null}
      {body === null ? <p class="soft">{sent.body_bytes} bytes that are no text.</p> : null}
      {body === null || body === '' ? null : <CodeView label="Body" value={valueIn(sent)} />}
      {sent.body_cut ? <p class="soft">There is more; this is the start.</p> : null}
    </section>
  )
}

/** JSON is shown as such, other text as it stands. */
function valueIn({ body, body_cut: cut }: Sent): unknown {
  if (body === null || cut) return body
  try {
    return JSON.parse(body)
  } catch {
    return body
  }
}

function Took({ name, ms }: { name: string; ms: string | undefined }) {
  if (ms === undefined) return null
  return (
    <>
      <dt>{name}</dt>
      <dd>{ms} ms</dd>
    </>
  )
}
