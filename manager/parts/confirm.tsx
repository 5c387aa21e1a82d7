import type { Child } from 'hono/jsx'
import { useId, useState } from 'hono/jsx/dom'
import { ApiError } from '../api.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { ErrorBanner } from './error-banner.tsx'

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
  const field = useId()
  const [text, setText] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ApiError | undefined>(undefined)
  const ready = typed === undefined || text === typed
  const confirm = async (event: Event): Promise<void> => {
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
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={confirm}>
        {children}
        {typed === undefined ? null : (
          <p class="field">
            <label for={field}>
              Type <b>{typed}</b> to confirm
            </label>
            <input
              id={field}
              type="text"
              autocomplete="off"
              value={text}
              onInput={(event: InputEvent) =>
                setText(event.target instanceof HTMLInputElement ? event.target.value : '')
              }
            />
          </p>
        )}
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
