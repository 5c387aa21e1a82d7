import type { Exchange } from '../../pdk/exchange.ts'
import type { LogRecord } from '../../pdk/log-record.ts'
import type { Session } from '../../pdk/session.ts'
import { withoutRequest } from './without-request.ts'

/** A session as functions in Lua see it; Kong has nothing of requests there, either. */
export function exchangeOf(session: Session): Exchange {
  const { startedAt, client, route, service, shared } = session
  return withoutRequest('a stream session', {
    startedAt,
    client: {
      ...client,
      forwardedPort: client.port,
      ...{ consumer: undefined, credential: undefined, authenticate() {} },
    },
    route,
    service,
    shared,
    // Functions look at a record as a table of whatever it holds.
    record: () => session.record() as Readonly<Record<string, unknown>> as LogRecord,
  })
}
