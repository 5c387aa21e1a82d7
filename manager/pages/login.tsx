import { useEffect, useId, useRef, useState } from 'hono/jsx/dom'
import { ApiError, isRecord, send, whenUnauthorized } from '../api.ts'
import { pageChanged } from '../loading.ts'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { ErrorBanner } from '../parts/error-banner.tsx'
import { announce } from '../parts/toast.tsx'

/**
 * Asks for the token when the gateway wants one, over whatever is on the page, and lets what was
 * refused go on afterwards. Shows the way out once somebody is logged in.
 */
export function LoginGate() {
  const [asking, setAsking] = useState(false)
  const [known, setKnown] = useState(false)
  const waiting = useRef<(() => void)[]>([])
  useEffect(() => {
    whenUnauthorized(() => {
      setAsking(true)
      return new Promise((resolve) => waiting.current?.push(resolve))
    })
    void hasSession().then((has) => {
      if (has) setKnown(true)
    })
  }, [])
  const done = (): void => {
    setAsking(false)
    setKnown(true)
    for (const resolve of waiting.current?.splice(0) ?? []) resolve()
  }
  const leave = async (): Promise<void> => {
    await send('DELETE', '/manager/session')
    setKnown(false)
    // Whatever is shown is asked for again, and so is the token.
    pageChanged()
  }
  return (
    <>
      {known && !asking ? (
        <Button kind="quiet" onClick={() => void leave().catch(sayWhy)}>
          Log out
        </Button>
      ) : null}
      {asking ? <LoginBox onDone={done} /> : null}
    </>
  )
}

function sayWhy(error: unknown): void {
  if (!(error instanceof ApiError)) throw error
  announce(error.message, { kind: 'bad' })
}

/** Whether somebody is logged in by a cookie, which no script can see. */
async function hasSession(): Promise<boolean> {
  try {
    const answer: unknown = await (await send('GET', '/manager/session')).json()
    return isRecord(answer) && answer.active === true
  } catch {
    return false
  }
}

function LoginBox({ onDone }: { onDone: () => void }) {
  const field = useId()
  const input = useRef<HTMLInputElement>(null)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ApiError | undefined>(undefined)
  useEffect(() => input.current?.focus(), [])
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    const token = input.current?.value ?? ''
    setBusy(true)
    const failure = await logIn(token)
    setBusy(false)
    setError(failure)
    if (failure === undefined) onDone()
    else input.current?.select()
  }
  return (
    <Dialog title="Log in" onClose={() => {}}>
      <form onSubmit={submit}>
        <p>This gateway asks for its admin token. What you typed is kept.</p>
        <p class="field">
          <label for={field}>Admin token</label>
          <input id={field} ref={input} type="password" autocomplete="current-password" required />
        </p>
        <ErrorBanner error={error} />
        <div class="dialog-actions">
          <Button type="submit" kind="main" busy={busy}>
            Log in
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

/** What went wrong, if anything did. */
async function logIn(token: string): Promise<ApiError | undefined> {
  try {
    const response = await send('POST', '/manager/session', { body: { token } })
    if (response.ok) return undefined
    if (response.status === 401) return new ApiError(401, { message: 'This is not the token' })
    const seconds = response.headers.get('retry-after')
    const wait = seconds === null ? 'later' : `in ${seconds} seconds`
    if (response.status === 429)
      return new ApiError(429, { message: `Too many attempts, try again ${wait}` })
    return new ApiError(response.status, {})
  } catch (error) {
    if (error instanceof ApiError) return error
    throw error
  }
}
