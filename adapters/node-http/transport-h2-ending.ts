import type { Http2Session } from 'node:http2'
import { IS_DENO } from './quirks.ts'

/**
 * Deno frees what a session is made of as soon as it ends, even while it is read: a farewell on a
 * session without streams then takes the process along. There it ends once the reading is over.
 */
export function endLater(session: Http2Session): void {
  if (!IS_DENO) return
  const close = session.close.bind(session)
  const destroy = session.destroy.bind(session)
  session.close = (callback) => void setImmediate(() => close(callback))
  session.destroy = (error, code) => void setImmediate(() => destroy(error, code))
}
