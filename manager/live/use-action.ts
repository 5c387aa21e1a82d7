import { useCallback, useState } from 'hono/jsx/dom'
import { ApiError } from '../api.ts'

/** Something somebody may do, and how that went. */
export interface Action {
  readonly busy: boolean
  readonly error: ApiError | undefined
  /** Does it; what the gateway refuses is kept as `error`. Tells whether it went well. */
  readonly run: (work: () => Promise<void>) => Promise<boolean>
}

/** One action at a time, with its error. */
export function useAction(): Action {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ApiError | undefined>(undefined)
  const run = useCallback(async (work: () => Promise<void>) => {
    setBusy(true)
    setError(undefined)
    try {
      await work()
      return true
    } catch (failure) {
      if (!(failure instanceof ApiError)) throw failure
      setError(failure)
      return false
    } finally {
      setBusy(false)
    }
  }, [])
  return { busy, error, run }
}
