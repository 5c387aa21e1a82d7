import { useEffect, useRef, useState } from 'hono/jsx/dom'

/** Rows that are made at a time: few enough that a key that is pressed meanwhile is not kept waiting. */
const STEP = 40

/** How many of so many rows to show by now: a long list grows from frame to frame. */
export function useGrowing(count: number): number {
  const [shown, setShown] = useState(STEP)
  useEffect(() => {
    if (shown >= count) return
    const timer = setTimeout(() => setShown(shown + STEP), 0)
    return () => clearTimeout(timer)
  }, [shown, count])
  return Math.min(shown, count)
}

/** The same rows, and of those that say what they said before the very objects: they are not made anew. */
export function useSteady<Row extends { readonly id: string }>(
  rows: readonly Row[],
): readonly Row[] {
  const before = useRef<readonly Row[]>([])
  const given = useRef<readonly Row[]>([])
  if (given.current !== rows) {
    given.current = rows
    before.current = steady(before.current ?? [], rows)
  }
  return before.current ?? rows
}

/** `next` with what is as it was taken from `before`. */
export function steady<Row extends { readonly id: string }>(
  before: readonly Row[],
  next: readonly Row[],
): readonly Row[] {
  const known = new Map(before.map((row) => [row.id, row]))
  return next.map((row) => {
    const old = known.get(row.id)
    return old !== undefined && JSON.stringify(old) === JSON.stringify(row) ? old : row
  })
}
