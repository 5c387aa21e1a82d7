import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'hono/jsx/dom'
import { ApiError, call } from './api.ts'

/** What is known of something that is loaded. */
export interface Loaded<T> {
  /** The last that came; it stays while the next is on its way, and when that fails. */
  readonly value: T | undefined
  readonly error: ApiError | undefined
  readonly loading: boolean
  /** Asks again. */
  readonly reload: () => void
}

/** How something is loaded. */
export interface LoadOptions {
  /** Milliseconds between one answer and the next question; once unless said. Rests while the page is hidden. */
  readonly every?: number
}

const followers = new Set<() => void>()

/** Loads again whatever the page shows: something was changed behind it. */
export function pageChanged(): void {
  for (const reload of followers) reload()
}

/** Loads a path of the Admin API, again when it changes; nothing for no path. */
export function useLoaded<T>(path: string | undefined, { every }: LoadOptions = {}): Loaded<T> {
  const [state, setState] = useState<Pick<Loaded<T>, 'value' | 'error' | 'loading'>>({
    value: undefined,
    error: undefined,
    loading: path !== undefined,
  })
  const [turn, setTurn] = useState(0)
  const known = useRef<{ path: string | undefined; value: T | undefined }>({
    path,
    value: undefined,
  })

  // Not `useEffect`: hono's may run twice for one cleanup, and then a timer would be left behind.
  useLayoutEffect(() => {
    if (path === undefined) return
    return repeatedly(async (signal) => {
      if (document.hidden && known.current?.value !== undefined) return
      try {
        const value = await call<T>('GET', path, { signal })
        known.current = { path, value }
        setState({ value, error: undefined, loading: false })
      } catch (error) {
        if (signal.aborted) return
        if (!(error instanceof ApiError)) throw error
        const value = known.current?.path === path ? known.current?.value : undefined
        setState({ value, error, loading: false })
      }
    }, every)
  }, [path, every, turn])

  const reload = useCallback(() => setTurn((before) => before + 1), [])
  useEffect(() => {
    followers.add(reload)
    return () => {
      followers.delete(reload)
    }
  }, [])
  return { ...state, reload }
}

/** Does it now and, with `every`, so many ms after each end, until what it returns is called. */
function repeatedly(load: (signal: AbortSignal) => Promise<void>, every?: number): () => void {
  const control = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  const turn = async (): Promise<void> => {
    await load(control.signal)
    if (every !== undefined && !control.signal.aborted) timer = setTimeout(() => void turn(), every)
  }
  void turn()
  return () => {
    control.abort()
    clearTimeout(timer)
  }
}
