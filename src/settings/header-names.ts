import { listOf } from './list.ts'

const HEADER_NAMES = new Set([
  'server_tokens',
  'latency_tokens',
  'via',
  'server',
  'x-kong-request-id',
  'x-kong-proxy-latency',
  'x-kong-response-latency',
  'x-kong-admin-latency',
  'x-kong-upstream-latency',
  'x-kong-upstream-status',
])

const UPSTREAM_NAMES = new Set(['x-kong-request-id'])

/** Reads which of our own headers are sent. Kong: `server_tokens` stands for Server and Via, `latency_tokens` for the latencies. */
export function headerNames(
  name: string,
  text: (name: string) => string,
  errors: string[],
): ReadonlySet<string> {
  const known = name === 'headers_upstream' ? UPSTREAM_NAMES : HEADER_NAMES
  const all = listOf(text(name))
  // Kong: an `off` that comes first turns all of them off, any other one nothing.
  const given = all.filter((item) => item !== 'off')
  for (const item of given) {
    if (!known.has(item.toLowerCase())) errors.push(`${name}: invalid entry '${item}'`)
  }
  if (all[0] === 'off') return new Set()
  const names = given.map((item) => item.toLowerCase())
  return new Set(names.flatMap((item) => [item, ...(HEADER_GROUPS[item] ?? [])]))
}

const HEADER_GROUPS: Readonly<Record<string, readonly string[]>> = {
  server_tokens: ['server', 'via'],
  latency_tokens: [
    'x-kong-proxy-latency',
    'x-kong-response-latency',
    'x-kong-admin-latency',
    'x-kong-upstream-latency',
  ],
}
