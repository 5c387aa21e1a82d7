import { useLayoutEffect, useRef, useState } from 'hono/jsx/dom'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'

/** Keeps somebody from losing what was typed by going elsewhere. */
export interface LeavingGuard {
  /** Where somebody wants to go, while that is asked. */
  readonly asked: string | undefined
  readonly stay: () => void
  readonly leave: () => void
  /** Says that nothing can be lost any more: it was saved. */
  readonly release: () => void
}

/** Asks before the place changes or the page is closed, as long as something would be lost. */
export function useLeavingGuard(isDirty: boolean): LeavingGuard {
  const [asked, setAsked] = useState<string | undefined>(undefined)
  const dirty = useRef(isDirty)
  const released = useRef(false)
  dirty.current = isDirty
  // Runs once, where an effect may run twice when the form changes in its first frame.
  useLayoutEffect(() => {
    const here = location.hash
    const holds = () => dirty.current === true && released.current !== true
    // It comes before `hashchange`: when the page hears of that, the place is what it was.
    const follow = () => {
      if (!holds() || location.hash === here) return
      setAsked(location.hash)
      history.pushState(null, '', here)
    }
    const close = (event: BeforeUnloadEvent) => {
      if (holds()) event.preventDefault()
    }
    addEventListener('popstate', follow)
    addEventListener('beforeunload', close)
    return () => {
      removeEventListener('popstate', follow)
      removeEventListener('beforeunload', close)
    }
  }, [])
  return {
    asked,
    stay: () => setAsked(undefined),
    leave: () => {
      released.current = true
      setAsked(undefined)
      if (asked !== undefined) location.hash = asked
    },
    release: () => {
      released.current = true
    },
  }
}

/** The question itself. */
export function LeavingDialog({ guard }: { guard: LeavingGuard }) {
  if (guard.asked === undefined) return null
  return (
    <Dialog
      title="Leave without saving?"
      onClose={guard.stay}
      actions={
        <>
          <Button onClick={guard.stay}>Keep editing</Button>
          <Button kind="danger" onClick={guard.leave}>
            Discard changes
          </Button>
        </>
      }
    >
      <p>What you changed in this form is not saved yet.</p>
    </Dialog>
  )
}
