import { joinBytes } from '../../lib/join-bytes.ts'
import {
  protoBytes,
  protoDouble,
  protoFixed64,
  protoText,
  protoVarint,
} from '../../lib/protobuf-write.ts'

/** What is told of a span, a log line or a process, by name. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>

/** A span as OTLP has it; ids in hexadecimal, times in milliseconds since 1970. */
export interface OtlpSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentId: string | undefined
  readonly name: string
  readonly kind: number
  readonly startedAt: number
  readonly endedAt: number
  readonly attributes: Attributes
  readonly failed?: boolean
}

/** Kinds of spans. */
export const SERVER = 2
export const CLIENT = 3
const ERROR = 2

/** Encodes one span, `Span` of `trace.proto`. */
export function encodeSpan(span: OtlpSpan): Uint8Array {
  return joinBytes([
    protoBytes(1, bytesOf(span.traceId)),
    protoBytes(2, bytesOf(span.spanId)),
    ...(span.parentId === undefined ? [] : [protoBytes(4, bytesOf(span.parentId))]),
    protoText(5, span.name),
    protoVarint(6, span.kind),
    protoFixed64(7, nanoseconds(span.startedAt)),
    protoFixed64(8, nanoseconds(span.endedAt)),
    ...encodeAttributes(9, span.attributes),
    ...(span.failed === true ? [protoBytes(15, protoVarint(3, ERROR))] : []),
  ])
}

/** Encodes attributes, one field each. */
export function encodeAttributes(field: number, attributes: Attributes): Uint8Array[] {
  return Object.entries(attributes).flatMap(([name, value]) =>
    value === undefined
      ? []
      : [protoBytes(field, joinBytes([protoText(1, name), encodeValue(name, value)]))],
  )
}

/** Kong: numbers are fractions but for the status. */
function encodeValue(name: string, value: string | number | boolean): Uint8Array {
  if (typeof value === 'string') return protoBytes(2, protoText(1, value))
  if (typeof value === 'boolean') return protoBytes(2, protoVarint(2, value ? 1 : 0))
  return protoBytes(2, name === 'http.status_code' ? protoVarint(3, value) : protoDouble(4, value))
}

/** Encodes spans or log records as one request to a collector; traces and logs have the same shape. */
export function encodeExport(resource: Attributes, batch: readonly Uint8Array[]): Uint8Array {
  const scope = protoBytes(1, joinBytes([protoText(1, 'kong-internal'), protoText(2, '0.1.0')]))
  const scoped = joinBytes([scope, ...batch.map((one) => protoBytes(2, one))])
  const ours = protoBytes(1, joinBytes(encodeAttributes(1, resource)))
  return protoBytes(1, joinBytes([ours, protoBytes(2, scoped)]))
}

/** An id's bytes. */
export function bytesOf(hex: string): Uint8Array {
  const bytes = new Uint8Array(hex.length / 2)
  for (let at = 0; at < bytes.length; at++) {
    bytes[at] = Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16)
  }
  return bytes
}

/** Milliseconds since 1970 in nanoseconds; a number holds the microseconds of it at most. */
export function nanoseconds(milliseconds: number): bigint {
  return BigInt(Math.round(milliseconds * 1000)) * 1000n
}
