import type { Child } from 'hono/jsx'

/** Stands where there is nothing yet: says so, why one would want something, and offers to make it. */
export function Empty({
  title,
  children,
  action,
}: {
  title: string
  children?: Child
  action?: Child
}) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children}
      {action}
    </div>
  )
}
