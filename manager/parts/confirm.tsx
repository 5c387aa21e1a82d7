import type { Child } from 'hono/jsx'
import { useId, useState } from 'hono/jsx/dom'
import { ApiError } from '../api.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { ErrorBanner } from './error-banner.tsx'
import { textIn } from './typed-text.ts'

/**
 * Asks before something that cannot be overlooked. With `typed` that text must be typed first.
 * `onConfirm` may reject with an ApiError, which is shown here; the caller closes it when it worked.
 */
export function Confirm({
  title,
  children,
  action,
  kind = 'danger',
  typed,
  onConfirm,
  onClose,
}: {
  title: string
  children?: Child
  /** The word on the button: `Delete`. */
  action: string
  kind?: 'danger' | 'main'
  typed?: string | undefined
  onConfirm: () => Promise<void>
  onClose: () => void
}) {
  const [text, setText] = useState('')
  const ready = typed === undefined || text === typed
  const { busy, error, submit } = useConfirming(onConfirm, ready)
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={submit}>
        {children}
        {typed === undefined ? null : <TypeAgain typed={typed} text={text} onText={setText} />}
        <ErrorBanner error={error} />
        <div class="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" kind={kind} disabled={!ready} busy={busy}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

/** Does it once; after a success it stays busy, for the dialog goes away. */
function useConfirming(onConfirm: () => Promise<void>, ready: boolean) {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ApiError | undefined>(undefined)
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    if (!ready || busy) return
    setBusy(true)
    setError(undefined)
    try {
      await onConfirm()
    } catch (failure) {
      if (!(failure instanceof ApiError)) throw failure
      setError(failure)
      setBusy(false)
    }
  }
  return { busy, error, submit }
}

/** A box for the text that shows somebody has read what this is about. */
function TypeAgain({
  typed,
  text,
  onText,
}: {
  typed: string
  text: string
  onText: (text: string) => void
}) {
  const field = useId()
  return (
    <p class="field">
      <label for={field}>
        Type <b>{typed}</b> to confirm
      </label>
      <input
        id={field}
        type="text"
        autocomplete="off"
        value={text}
        onInput={(event: InputEvent) => onText(textIn(event))}
      />
    </p>
  )
}
