import { useEffect, useState } from 'hono/jsx/dom'
import { Button } from './button.tsx'

/** What a toast may say beside its text. */
export interface ToastOptions {
  readonly kind?: 'good' | 'bad'
  /** A button, such as Undo; the toast goes when it is pressed. */
  readonly action?: { readonly label: string; readonly run: () => void }
}

interface Toast extends ToastOptions {
  readonly id: number
  readonly text: string
}

let shown: readonly Toast[] = []
let last = 0
let follow: (toasts: readonly Toast[]) => void = () => {}

function show(toasts: readonly Toast[]): void {
  shown = toasts
  follow(toasts)
}

/** How long a toast stays, in ms: longer when it holds a button. */
const STAY = 6000
const STAY_WITH_ACTION = 15_000

/** Says something in a corner of the page, to screen readers too. */
export function announce(text: string, options: ToastOptions = {}): void {
  const toast = { id: ++last, text, kind: 'good', ...options } as const
  show([...shown, toast].slice(-4))
  const stay = options.action === undefined ? STAY : STAY_WITH_ACTION
  setTimeout(() => dismiss(toast.id), stay)
}

function dismiss(id: number): void {
  show(shown.filter((toast) => toast.id !== id))
}

/** Where toasts are shown; once in the page. */
export function Toasts() {
  const [toasts, setToasts] = useState(shown)
  useEffect(() => {
    follow = setToasts
    return () => {
      follow = () => {}
    }
  }, [])
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.map(({ id, text, kind, action }) => (
        <div key={id} class={`toast ${kind}`}>
          <span>{text}</span>
          {action === undefined ? null : (
            <Button
              kind="quiet"
              onClick={() => {
                dismiss(id)
                action.run()
              }}
            >
              {action.label}
            </Button>
          )}
          <Button kind="quiet" label="Dismiss" onClick={() => dismiss(id)}>
            ×
          </Button>
        </div>
      ))}
    </div>
  )
}
