import { useEffect, useRef, useState } from 'hono/jsx/dom'
import { TimeAgo } from '../parts/time-ago.tsx'
import type { Event } from './standing.ts'

/** Says each new change of health, to screen readers alone: the table shows it anyway. */
export function HealthNews({ events, ready }: { events: readonly Event[]; ready: boolean }) {
  const last = useRef<number | undefined>(undefined)
  const [news, setNews] = useState('')
  useEffect(() => {
    if (!ready) return
    const known = last.current
    last.current = events[0]?.at ?? 0
    if (known === undefined || known === null) return
    const fresh = events.filter(({ at }) => at > known).reverse()
    if (fresh.length > 0) setNews(fresh.map(textOf).join('. '))
  }, [events, ready])
  return (
    <p class="visually-hidden" aria-live="polite">
      {news}
    </p>
  )
}

/** The last times a target went up or down, newest first. */
export function EventStory({ events }: { events: readonly Event[] }) {
  return (
    <section aria-labelledby="health-story">
      <h3 id="health-story">Health events</h3>
      {events.length === 0 ? (
        <p class="soft">No target went up or down since this gateway knows them.</p>
      ) : (
        <ol class="story">
          {events.map((event) => (
            <li key={`${event.at} ${event.address}`}>
              <TimeAgo at={event.at} /> <b>{event.address}</b>{' '}
              <span class={event.to === 'healthy' ? 'good' : 'bad'}>{event.to}</span>: {event.text}
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}

function textOf({ address, to, text }: Event): string {
  return `${address} is ${to}: ${text}`
}
