import type { HeaderView } from '../../pdk/headers.ts'
import type { OutgoingTrace, TraceContext } from './trace-context.ts'

/** One way to write a trace into headers. */
export interface TraceFormat {
  /** Its name in the record of a request. */
  readonly name: string
  /** Undefined where its headers are missing, or say nothing that holds. */
  readonly read?: (headers: HeaderView) => TraceContext | undefined
  /** Bytes of a trace id; the first size unless it came in another of them. */
  readonly traceIdSizes: readonly number[]
  /** Names and values; the trace id is of one of the sizes already. */
  readonly write: (trace: OutgoingTrace) => readonly (readonly [name: string, value: string])[]
  /** The trace id as its users know it; in hexadecimal unless said. */
  readonly shownId?: (traceId: string) => string
}

/** A header's value; undefined also for one that was sent twice. */
export function onlyValue(headers: HeaderView, name: string): string | undefined {
  const values = headers.all(name)
  return values.length === 1 ? values[0] : undefined
}

/** `1` and `true`, `0` and `false`; undefined for all else. */
export function flagOf(text: string | undefined): boolean | undefined {
  if (text === '1' || text === 'true') return true
  return text === '0' || text === 'false' ? false : undefined
}

/** What a trace carries along, from all headers of one prefix in lower case. */
export function readBaggage(
  { list }: HeaderView,
  prefix: string,
): Readonly<Record<string, string>> | undefined {
  const found: [string, string][] = []
  for (let i = 0; i < list.length; i += 2) {
    const name = list[i]?.toLowerCase() ?? ''
    if (name.startsWith(prefix)) found.push([name.slice(prefix.length), decoded(list[i + 1] ?? '')])
  }
  return found.length === 0 ? undefined : Object.fromEntries(found)
}

/** The same the other way round. */
export function writeBaggage(
  { baggage = {} }: OutgoingTrace,
  prefix: string,
): (readonly [string, string])[] {
  return Object.entries(baggage).map(([name, value]) => [prefix + name, encodeURIComponent(value)])
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
