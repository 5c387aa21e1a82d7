/** When a session was made, made anew and last seen; seconds since 1970. */
export interface SessionTimes {
  readonly created: number
  readonly rolled: number
  readonly touched: number
}

/** How many seconds each may be ago; 0 for ever. */
export interface Timeouts {
  readonly idling: number
  readonly rolling: number
  readonly absolute: number
}

/** Seconds that are left; undefined for ever. */
export interface TimeLeft {
  readonly idling: number | undefined
  readonly rolling: number | undefined
  readonly absolute: number | undefined
  /** The least of them. */
  readonly all: number | undefined
}

/** What is left of a session's time. */
export function timeLeft(times: SessionTimes, timeouts: Timeouts, now: number): TimeLeft {
  const idling = leftOf(timeouts.idling, now - times.touched)
  const rolling = leftOf(timeouts.rolling, now - times.rolled)
  const absolute = leftOf(timeouts.absolute, now - times.created)
  const all = [idling, rolling, absolute].filter((left) => left !== undefined)
  return { idling, rolling, absolute, all: all.length === 0 ? undefined : Math.min(...all) }
}

function leftOf(timeout: number, elapsed: number): number | undefined {
  return timeout > 0 ? timeout - elapsed : undefined
}

/** Seconds after which a session that is seen is noted as seen. */
const TOUCH_AFTER = 60

/** What is to be done with a session that is seen now. Kong: renewed in its last quarter, else touched by the minute. */
export function dueFor(
  { rolled, touched }: SessionTimes,
  { rolling, idling }: Timeouts,
  now: number,
): 'renew' | 'touch' | undefined {
  if (rolling > 0 && now - rolled >= Math.floor(rolling * 0.75)) return 'renew'
  // A short timeout would be over before a minute is.
  const after = Math.min(TOUCH_AFTER, Math.floor(idling / 4))
  return idling > 0 && now - touched >= Math.max(after, 1) ? 'touch' : undefined
}
