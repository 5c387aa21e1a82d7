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

/** Reads which of our own headers are sent. Kong: `server_tokens` stands for Server and Via, `latency_tokens` for the latencies. */
export function headerNames(
  name: string,
  text: (name: string) => string,
  errors: string[],
): ReadonlySet<string> {
  const value = text(name)
  if (value === 'off' || value === '') return new Set()
  const given = listOf(value)
  for (const item of given) {
    if (!HEADER_NAMES.has(item.toLowerCase())) errors.push(`${name}: invalid entry '${item}'`)
  }
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
