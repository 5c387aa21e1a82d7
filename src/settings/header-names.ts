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
  const names = listOf(value.toLowerCase())
  for (const item of names) {
    if (!HEADER_NAMES.has(item)) errors.push(`${name}: "${item}" is not a header of ours`)
  }
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
