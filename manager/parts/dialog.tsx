import type { Child } from 'hono/jsx'
import { useEffect, useId, useRef } from 'hono/jsx/dom'

/**
 * A modal dialog, open as long as it is rendered: `{asking ? <Dialog …/> : null}`. Escape calls
 * `onClose`; the focus goes back to where it was.
 */
export function Dialog({
  title,
  onClose,
  children,
  actions,
  wide = false,
}: {
  title: string
  onClose: () => void
  children?: Child
  /** Buttons at its foot. */
  actions?: Child
  wide?: boolean
}) {
  const heading = useId()
  const dialog = useOpenDialog(onClose)
  return (
    <dialog ref={dialog} class={wide ? 'dialog wide' : 'dialog'} aria-labelledby={heading}>
      <h2 id={heading}>{title}</h2>
      <div class="dialog-body">{children}</div>
      {actions === undefined ? null : <div class="dialog-actions">{actions}</div>}
    </dialog>
  )
}

/** Opens the element as long as it stands in the page; tells when somebody wants it closed. */
function useOpenDialog(onClose: () => void) {
  const dialog = useRef<HTMLDialogElement>(null)
  const close = useRef(onClose)
  close.current = onClose
  useEffect(() => {
    const element = dialog.current
    if (element === null) return
    const before = document.activeElement
    const cancel = (event: Event) => {
      // It is the renderer that takes it away.
      event.preventDefault()
      close.current?.()
    }
    // A second Escape is not to be prevented; one that must stay comes back.
    const closed = () => {
      close.current?.()
      setTimeout(() => {
        if (element.isConnected && !element.open) element.showModal()
      })
    }
    element.addEventListener('cancel', cancel)
    element.addEventListener('close', closed)
    if (!element.open) element.showModal()
    return () => {
      element.removeEventListener('cancel', cancel)
      element.removeEventListener('close', closed)
      element.close()
      if (before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [])
  return dialog
}
