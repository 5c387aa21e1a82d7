import type { Child } from 'hono/jsx'
import { useEffect, useLayoutEffect, useRef } from 'hono/jsx/dom'

/**
 * A page's heading, the way back and what can be done with the whole. Sets the window's title and
 * takes the focus when the page opens, so that a screen reader says where one is.
 */
export function PageHeader({
  title,
  back,
  children,
}: {
  title: string
  /** Where "back" leads. */
  back?: { readonly href: string; readonly label: string } | undefined
  /** Buttons, at the end of the line. */
  children?: Child
}) {
  const heading = useRef<HTMLHeadingElement>(null)
  useLayoutEffect(() => {
    document.title = `${title} · Gibbon Manager`
  }, [title])
  useEffect(() => {
    // What the page itself put under the cursor stays there.
    if (document.activeElement?.closest('main h1, main form') === null) {
      heading.current?.focus({ preventScroll: true })
    }
  }, [])
  return (
    <header class="page-header">
      {back === undefined ? null : (
        <a class="back" href={back.href}>
          <span aria-hidden="true">←</span> {back.label}
        </a>
      )}
      <div class="title-line">
        <h1 ref={heading} tabindex={-1}>
          {title}
        </h1>
        <div class="actions">{children}</div>
      </div>
    </header>
  )
}
