import { useEffect, useRef, useState } from 'hono/jsx/dom'
import { isRecord } from '../api.ts'
import { ConfigDiff, Problems } from '../live/config-diff.tsx'
import { ConfigEditor } from '../live/config-editor.tsx'
import {
  apply,
  type ConfigText,
  type Preview,
  type Problem,
  previewOf,
  problemsOf,
  rangeOfLine,
} from '../live/config-preview.ts'
import { useAction } from '../live/use-action.ts'
import { Working } from '../live/working.tsx'
import { type Loaded, useLoaded } from '../loading.ts'
import { Button } from '../parts/button.tsx'
import { copyText } from '../parts/clipboard.ts'
import { ErrorBanner } from '../parts/error-banner.tsx'
import { PageHeader } from '../parts/page-header.tsx'
import { undoable } from '../undo.ts'

/** The whole configuration as one text: to read, to edit, to compare, and to put in place at once. */
export function ConfigPage() {
  const stored = useLoaded<ConfigText>('/config/text')
  const { text, edited, preview, doing, error, ...editing } = useEditing(stored)
  const field = useRef<HTMLTextAreaElement>(null)
  const problems = problemsOf(error)
  const changes = preview?.summary.total ?? 0
  const busy = doing !== undefined
  useWarningBeforeLeaving(edited)
  return (
    <>
      <PageHeader title="Configuration">
        <Button onClick={() => void copyText(text, 'Configuration')}>Copy</Button>
        <Button disabled={!edited || busy} onClick={editing.discard}>
          Discard Edits
        </Button>
      </PageHeader>
      <ErrorBanner error={stored.error} onRetry={stored.reload} />
      <Warnings texts={stored.value?.warnings} />
      <p class="warn">It holds keys and passwords in plain text: mind where you keep a copy.</p>
      <ConfigEditor text={text} onText={editing.change} field={field} />
      <div class="actions">
        <Button kind="main" busy={busy} disabled={text === ''} onClick={editing.compare}>
          Show Differences
        </Button>
        {changes === 0 ? null : (
          <Button kind="danger" busy={busy} onClick={editing.apply}>
            Apply {changes} Changes
          </Button>
        )}
      </div>
      {doing === undefined ? null : <Working what={doing} />}
      <Refused message={error?.message} problems={problems} field={field} />
      <ErrorBanner error={problems.length === 0 ? error : undefined} onRetry={editing.compare} />
      <section aria-label="Differences" aria-live="polite">
        {preview === undefined ? null : <ConfigDiff preview={preview} />}
      </section>
    </>
  )
}

function Warnings({ texts = [] }: { texts: readonly string[] | undefined }) {
  return (
    <>
      {texts.map((text) => (
        <p key={text} class="banner warn">
          {text}
        </p>
      ))}
    </>
  )
}

/** What is wrong with the text itself, each with the way to its line. */
function Refused({
  message,
  problems,
  field,
}: {
  message: string | undefined
  problems: readonly Problem[]
  field: { readonly current: HTMLTextAreaElement | null }
}) {
  return (
    <div role="alert" class={problems.length === 0 ? undefined : 'banner bad'}>
      {problems.length === 0 ? null : (
        <>
          <p>{message}</p>
          <Problems problems={problems} onLine={(line) => select(field.current, line)} />
        </>
      )}
    </div>
  )
}

/** The text as it is edited, what it would change, and putting it in place. */
function useEditing(stored: Loaded<ConfigText>) {
  const node = useLoaded<unknown>('/')
  const [typed, setTyped] = useState<string | undefined>(undefined)
  const [preview, setPreview] = useState<Preview | undefined>(undefined)
  const { doing, error, run } = useNamedAction()
  const known = stored.value?.text
  const text = typed ?? known ?? ''

  const change = (next: string): void => {
    setTyped(next)
    setPreview(undefined)
  }
  const compare = () => {
    setPreview(undefined)
    void run('Comparing', async () => setPreview(await previewOf(text)))
  }
  const applyPreviewed = () => {
    if (preview === undefined) return
    const databaseless = isDatabaseless(node.value)
    void run(`Applying ${preview.summary.total} changes`, async () => {
      const revision = await apply(text, { revision: preview.revision, databaseless })
      undoable(`${preview.summary.total} changes applied`, databaseless ? undefined : revision)
      setPreview(undefined)
      setTyped(undefined)
      stored.reload()
    })
  }
  return {
    text,
    edited: typed !== undefined && typed !== known,
    preview,
    doing,
    error,
    change,
    discard: () => change(known ?? ''),
    compare,
    apply: applyPreviewed,
  }
}

/** One action at a time, and what it is while it is under way. */
function useNamedAction() {
  const [name, setName] = useState('')
  const { busy, error, run } = useAction()
  return {
    doing: busy ? name : undefined,
    error,
    run(what: string, work: () => Promise<void>) {
      setName(what)
      return run(work)
    },
  }
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
