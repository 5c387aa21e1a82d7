import type { Child } from 'hono/jsx'

/** How much a button asks for attention. */
export type ButtonKind = 'plain' | 'main' | 'danger' | 'quiet'

/** A button; `label` names one that shows only a sign. Busy ones cannot be pressed and say so. */
export function Button({
  children,
  onClick,
  kind = 'plain',
  type = 'button',
  disabled = false,
  busy = false,
  label,
  title,
}: {
  children?: Child
  onClick?: (event: MouseEvent) => void
  kind?: ButtonKind
  type?: 'button' | 'submit'
  disabled?: boolean
  busy?: boolean
  label?: string | undefined
  title?: string | undefined
}) {
  return (
    <button
      type={type}
      class={`button ${kind}`}
      disabled={disabled || busy}
      aria-busy={busy ? 'true' : undefined}
      aria-label={label}
      title={title}
      {...(onClick === undefined ? {} : { onClick })}
    >
      {children}
    </button>
  )
}

/** A link that looks like a button: for going somewhere. */
export function LinkButton({
  href,
  children,
  kind = 'plain',
}: {
  href: string
  children?: Child
  kind?: ButtonKind
}) {
  return (
    <a class={`button ${kind}`} href={href}>
      {children}
    </a>
  )
}
