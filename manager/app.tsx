import { useEffect, useState } from 'hono/jsx/dom'
import { linkTo, usePlace } from './location.ts'
import { LoginGate } from './pages/login.tsx'
import { Sections } from './parts/sections.tsx'
import { Toasts } from './parts/toast.tsx'
import { Route } from './route.tsx'

/** The whole page: product bar, menu, and what the place asks for. */
export function App() {
  const { parts, query } = usePlace()
  const [open, setOpen] = useState(false)
  const place = parts.join('/')
  useEffect(() => setOpen(false), [place])
  return (
    <>
      {/* biome-ignore lint/a11y/useValidAnchor: it leads to a place within the page, which is no page of its own */}
      <a class="skip" href="#main" onClick={skip}>
        Skip to content
      </a>
      <div class="shell">
        <header class="bar">
          <button
            type="button"
            class="button menu-button"
            aria-expanded={open ? 'true' : 'false'}
            aria-controls="sections"
            onClick={() => setOpen(!open)}
          >
            Menu
          </button>
          <a class="brand" href={linkTo([])}>
            Gibbon Manager
          </a>
          <div class="end">
            <LoginGate />
          </div>
        </header>
        <Sections current={parts[0] ?? 'overview'} open={open} />
        <main id="main" tabindex={-1}>
          <Route parts={parts} query={query} />
        </main>
      </div>
      <Toasts />
    </>
  )
}

/** The hash is the place; this link leaves it alone. */
function skip(event: MouseEvent): void {
  event.preventDefault()
  document.querySelector<HTMLElement>('#main')?.focus()
}
