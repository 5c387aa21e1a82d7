import { useEffect, useId, useRef, useState } from 'hono/jsx/dom'

/** Something a menu offers. */
export interface MenuItem {
  readonly label: string
  /** Goes there… */
  readonly href?: string
  /** …or does this. */
  readonly run?: () => void
  readonly danger?: boolean
}

/** What a menu is given. */
export interface MenuProps {
  /** For screen readers: `Actions for my-service`. */
  label: string
  /** Made when the menu opens. */
  items: () => readonly MenuItem[]
  /** What the button shows. */
  text?: string
}

/** A button that opens a menu; arrow keys move in it, Escape and going elsewhere close it. */
export function Menu({ label, items, text = '⋯' }: MenuProps) {
  const id = useId()
  const [open, setOpen] = useState(false)
  const root = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  useClosingOnMove(open, () => setOpen(false))
  const close = (): void => {
    setOpen(false)
    button.current?.focus()
  }
  const leave = ({ relatedTarget }: FocusEvent): void => {
    if (!(relatedTarget instanceof Node && root.current?.contains(relatedTarget))) setOpen(false)
  }
  const press = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && open) close()
    if (move(root.current, event.key)) event.preventDefault()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys bubble up from the button and the items
    <div class="menu" ref={root} onFocusout={leave} onKeydown={press}>
      <button
        ref={button}
        type="button"
        class="button quiet"
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={open ? 'true' : 'false'}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        {text}
      </button>
      {open ? <Items id={id} label={label} items={items()} close={close} /> : null}
    </div>
  )
}

/** A menu stands where its button was: once the page moves, it goes. */
function useClosingOnMove(open: boolean, close: () => void): void {
  useEffect(() => {
    if (!open) return
    addEventListener('scroll', close, { capture: true })
    addEventListener('resize', close)
    return () => {
      removeEventListener('scroll', close, { capture: true })
      removeEventListener('resize', close)
    }
  }, [open])
}

function Items({
  id,
  label,
  items,
  close,
}: {
  id: string
  label: string
  items: readonly MenuItem[]
  close: () => void
}) {
  const opened = (list: HTMLElement | null): void => {
    // Once it stands in the page.
    queueMicrotask(() => {
      if (list === null || !list.isConnected) return
      place(list)
      list.querySelector<HTMLElement>('[role=menuitem]')?.focus({ preventScroll: true })
    })
  }
  return (
    <div id={id} role="menu" aria-label={label} class="menu-items" ref={opened}>
      {items.map((item) => (
        <Item key={item.label} item={item} close={close} />
      ))}
    </div>
  )
}

function Item({ item, close }: { item: MenuItem; close: () => void }) {
  const { label, href, run, danger = false } = item
  if (href !== undefined) {
    return (
      <a role="menuitem" tabindex={-1} href={href}>
        {label}
      </a>
    )
  }
  const choose = (): void => {
    close()
    run?.()
  }
  return (
    <button
      type="button"
      role="menuitem"
      tabindex={-1}
      class={danger ? 'danger' : undefined}
      onClick={choose}
    >
      {label}
    </button>
  )
}

/** Below its button, above it where there is no room; over all that scrolls, so that nothing cuts it off. */
function place(list: HTMLElement): void {
  const button = list.parentElement?.getBoundingClientRect()
  if (button === undefined) return
  const { offsetHeight: height, offsetWidth: width } = list
  const below = button.bottom + height <= innerHeight || button.top < height
  list.style.top = `${Math.round(below ? button.bottom : button.top - height)}px`
  list.style.left = `${Math.round(Math.max(8, Math.min(button.right, innerWidth - 8) - width))}px`
}

/** Moves the focus among the items; says whether the key was one of those that do. */
function move(root: HTMLElement | null | undefined, key: string): boolean {
  const items = [...(root?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])]
  if (items.length === 0) return false
  const at = items.findIndex((item) => item.matches(':focus'))
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    Home: 0,
    End: -1,
  }
  const next = steps[key]
  if (next === undefined) return false
  items.at(next >= items.length ? 0 : next)?.focus()
  return true
}
