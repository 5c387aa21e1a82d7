import { useEffect, useState } from 'hono/jsx/dom'

/** Shows that something takes its time, and how long so far. */
export function Working({ what }: { what: string }) {
  const [seconds, setSeconds] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => setSeconds((before) => before + 1), 1000)
    return () => clearInterval(timer)
  }, [])
  return (
    <p class="row" role="status">
      <progress aria-label={what} />
      {what}
      {seconds < 2 ? '…' : ` for ${seconds} s…`}
    </p>
  )
}
