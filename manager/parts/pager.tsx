import { Button } from './button.tsx'

/** Next and previous page; nothing where there is one page alone. */
export function Pager({
  label,
  onPrevious,
  onNext,
  busy = false,
}: {
  /** What is paged: `Services`. */
  label: string
  /** Absent on the first page. */
  onPrevious?: (() => void) | undefined
  /** Absent on the last page. */
  onNext?: (() => void) | undefined
  busy?: boolean
}) {
  if (onPrevious === undefined && onNext === undefined) return null
  return (
    <nav class="pager" aria-label={`Pages of ${label}`}>
      <Button disabled={busy || onPrevious === undefined} onClick={() => onPrevious?.()}>
        Previous
      </Button>
      <Button disabled={busy || onNext === undefined} onClick={() => onNext?.()}>
        Next
      </Button>
    </nav>
  )
}
