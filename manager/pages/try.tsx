import { useState } from 'hono/jsx/dom'
import type { Explanation } from '../../src/proxy/explain.ts'
import { call } from '../api.ts'
import { type Sent, SentAnswer } from '../live/sent-answer.tsx'
import { useAction } from '../live/use-action.ts'
import { Way } from '../live/way.tsx'
import { Button } from '../parts/button.tsx'
import { ErrorBanner } from '../parts/error-banner.tsx'
import { PageHeader } from '../parts/page-header.tsx'
import { type Draft, explainPath, sendingOf, TryForm } from './try-form.tsx'

const EMPTY: Draft = { method: 'GET', url: '', headers: '', body: '', ip: '' }

/** Tells what would become of a request, and sends it for those who want to see. */
export function TryPage() {
  const [draft, setDraft] = useState(EMPTY)
  const [explained, setExplained] = useState<Explanation | undefined>(undefined)
  const [sent, setSent] = useState<Sent | undefined>(undefined)
  const explaining = useAction()
  const sending = useAction()
  const explain = () =>
    explaining.run(async () => setExplained(await call<Explanation>('GET', explainPath(draft))))
  const send = () =>
    sending.run(async () => {
      setSent(undefined)
      setSent(await call<Sent>('POST', '/debug/send', { body: sendingOf(draft) }))
      setExplained(await call<Explanation>('GET', explainPath(draft)))
    })
  return (
    <>
      <PageHeader title="Try a Request" />
      <p class="soft">
        See which route takes a request, which plugins run and which target gets it. Nothing is sent
        until you press Send.
      </p>
      <TryForm draft={draft} onDraft={setDraft} onSubmit={() => void explain()}>
        <Button type="submit" kind="main" busy={explaining.busy} disabled={draft.url === ''}>
          Explain
        </Button>
        <Button busy={sending.busy} disabled={draft.url === ''} onClick={() => void send()}>
          Send
        </Button>
      </TryForm>
      <ErrorBanner error={explaining.error ?? sending.error} />
      <div class="outcome" aria-live="polite">
        {sent === undefined ? null : <SentAnswer sent={sent} />}
      </div>
      <div aria-live="polite">{explained === undefined ? null : <Way way={explained} />}</div>
    </>
  )
}
