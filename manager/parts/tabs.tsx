import type { Child } from 'hono/jsx'
import { useId, useRef, useState } from 'hono/jsx/dom'

/** Tabs that are places of their own: links, the current one marked. */
export function TabLinks({
  label,
  tabs,
  current,
}: {
  label: string
  tabs: readonly { readonly id: string; readonly label: string; readonly href: string }[]
  current: string
}) {
  return (
    <nav class="tabs" aria-label={label}>
      {tabs.map((tab) => (
        <a key={tab.id} href={tab.href} aria-current={tab.id === current ? 'page' : undefined}>
          {tab.label}
        </a>
      ))}
    </nav>
  )
}

/** One tab of a set and what it shows. */
export interface Tab {
  readonly id: string
  readonly label: string
  readonly content: () => Child
}

/** Tabs within a page, moved through by arrow keys; only the chosen one is rendered. */
export function Tabs({ label, tabs }: { label: string; tabs: readonly Tab[] }) {
  const prefix = useId()
  const { current, choose, list, move } = useTabs(tabs)
  return (
    <>
      <div class="tabs" role="tablist" aria-label={label} ref={list} onKeydown={move}>
        {tabs.map((tab) => (
          <button
            key={tab.id}
            type="button"
            role="tab"
            id={`${prefix}-${tab.id}`}
            aria-selected={tab === current ? 'true' : 'false'}
            aria-controls={`${prefix}-panel`}
            tabindex={tab === current ? 0 : -1}
            onClick={() => choose(tab.id)}
          >
            {tab.label}
          </button>
        ))}
      </div>
      <div
        key={current?.id}
        id={`${prefix}-panel`}
        role="tabpanel"
        aria-labelledby={`${prefix}-${current?.id}`}
      >
        {current?.content()}
      </div>
    </>
  )
}

/** Which tab is chosen, and how the arrow keys choose another. */
function useTabs(tabs: readonly Tab[]) {
  const [chosen, choose] = useState(tabs[0]?.id)
  const list = useRef<HTMLDivElement>(null)
  const current = tabs.find(({ id }) => id === chosen) ?? tabs[0]
  const move = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (step === 0 || current === undefined) return
    event.preventDefault()
    const at = (tabs.indexOf(current) + step + tabs.length) % tabs.length
    choose(tabs[at]?.id)
    list.current?.querySelectorAll<HTMLElement>('[role=tab]')[at]?.focus()
  }
  return { current, choose, list, move }
}
