import { useEffect, useRef, useState } from 'hono/jsx/dom'
import { isRecord } from '../api.ts'
import { ConfigDiff, Problems } from '../live/config-diff.tsx'
import { ConfigEditor } from '../live/config-editor.tsx'
import {
  apply,
  type ConfigText,
  type Preview,
  previewOf,
  problemsOf,
  rangeOfLine,
} from '../live/config-preview.ts'
import { useAction } from '../live/use-action.ts'
import { Working } from '../live/working.tsx'
import { useLoaded } from '../loading.ts'
import { Button } from '../parts/button.tsx'
import { copyText } from '../parts/clipboard.ts'
import { ErrorBanner } from '../parts/error-banner.tsx'
import { PageHeader } from '../parts/page-header.tsx'
import { undoable } from '../undo.ts'

/** The whole configuration as one text: to read, to edit, to compare, and to put in place at once. */
export function ConfigPage() {
  const stored = useLoaded<ConfigText>('/config/text')
  const node = useLoaded<unknown>('/')
  const [text, setText] = useState<string | undefined>(undefined)
  const [preview, setPreview] = useState<Preview | undefined>(undefined)
  const [doing, setDoing] = useState('')
  const field = useRef<HTMLTextAreaElement>(null)
  const { busy, error, run } = useAction()
  const known = stored.value?.text
  const edited = text !== undefined && text !== known
  const shown = text ?? known ?? ''
  const problems = problemsOf(error)

  const change = (next: string): void => {
    setText(next)
    setPreview(undefined)
  }
  const compare = () => {
    setDoing('Comparing')
    setPreview(undefined)
    void run(async () => setPreview(await previewOf(shown)))
  }
  const applyIt = () => {
    if (preview === undefined) return
    setDoing(`Applying ${preview.summary.total} changes`)
    const databaseless = isDatabaseless(node.value)
    void run(async () => {
      const revision = await apply(shown, { revision: preview.revision, databaseless })
      undoable(`${preview.summary.total} changes applied`, databaseless ? undefined : revision)
      setPreview(undefined)
      setText(undefined)
      stored.reload()
    })
  }
  useWarningBeforeLeaving(edited)
  return (
    <>
      <PageHeader title="Configuration">
        <Button onClick={() => void copyText(shown, 'Configuration')}>Copy</Button>
        <Button disabled={!edited || busy} onClick={() => change(known ?? '')}>
          Discard Edits
        </Button>
      </PageHeader>
      <ErrorBanner error={stored.error} onRetry={stored.reload} />
      {stored.value?.warnings.map((warning) => (
        <p key={warning} class="banner warn">
          {warning}
        </p>
      ))}
      <p class="warn">It holds keys and passwords in plain text: mind where you keep a copy.</p>
      <ConfigEditor text={shown} onText={change} field={field} />
      <div class="actions">
        <Button kind="main" busy={busy} disabled={shown === ''} onClick={compare}>
          Show Differences
        </Button>
        {preview === undefined || preview.summary.total === 0 ? null : (
          <Button kind="danger" busy={busy} onClick={applyIt}>
            Apply {preview.summary.total} Changes
          </Button>
        )}
      </div>
      {busy ? <Working what={doing} /> : null}
      <div role="alert" class={problems.length === 0 ? undefined : 'banner bad'}>
        {problems.length === 0 ? null : (
          <>
            <p>{error?.message}</p>
            <Problems problems={problems} onLine={(line) => select(field.current, line)} />
          </>
        )}
      </div>
      <ErrorBanner error={problems.length === 0 ? error : undefined} onRetry={compare} />
      <section aria-label="Differences" aria-live="polite">
        {preview === undefined ? null : <ConfigDiff preview={preview} />}
      </section>
    </>
  )
}

function isDatabaseless(node: unknown): boolean {
  const settings = isRecord(node) ? node.configuration : undefined
  return isRecord(settings) && settings.database === 'off'
}

/** Marks a line and brings it into sight. */
function select(element: HTMLTextAreaElement | null, line: number): void {
  if (element === null) return
  const [start, end] = rangeOfLine(element.value, line)
  element.focus()
  element.setSelectionRange(start, end)
  const height = Number.parseFloat(getComputedStyle(element).lineHeight)
  element.scrollTop = Math.max(0, (line - 5) * height)
}

/** A browser asks before a text is lost that nobody saved. */
function useWarningBeforeLeaving(edited: boolean): void {
  useEffect(() => {
    if (!edited) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    addEventListener('beforeunload', ask)
    return () => removeEventListener('beforeunload', ask)
  }, [edited])
}
