import type { HeaderList } from '../../lib/header-list.ts'
import { type MutableHeaders, mutableHeaders } from '../../pdk/headers.ts'

/** What frames a message or is said by the gateway itself, whoever else says it. */
const OWN = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'proxy-authenticate',
  'proxy-connection',
  'server',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-kong-request-id',
  'x-kong-response-latency',
])

/** The headers of a function's answer that go to the client, to be added to. */
export function functionHeaders(received: readonly string[]): {
  readonly list: HeaderList
  readonly headers: MutableHeaders
} {
  const list: HeaderList = []
  const headers = mutableHeaders(list, (name) => !OWN.has(name))
  for (let i = 0; i < received.length; i += 2) {
    // The loop keeps i and i + 1 below the list's even length.
    headers.add(received[i] as string, received[i + 1] as string)
  }
  return { list, headers }
}
