import type { Child } from 'hono/jsx'
import { useEffect, useRef } from 'hono/jsx/dom'

/** Fields behind a fold. It opens when something in it wants to be seen, and closes by hand alone. */
export function Fold({
  title,
  wanted = false,
  children,
}: {
  title: string
  wanted?: boolean
  children?: Child
}) {
  const details = useRef<HTMLDetailsElement>(null)
  useEffect(() => {
    if (wanted && details.current !== null) details.current.open = true
  }, [wanted])
  return (
    <details class="fold" ref={details}>
      <summary>{title}</summary>
      <div class="fields">{children}</div>
    </details>
  )
}
