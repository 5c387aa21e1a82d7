import { joinBytes } from '../../lib/join-bytes.ts'
import {
  protoBytes,
  protoFixed32,
  protoFixed64,
  protoText,
  protoVarint,
} from '../../lib/protobuf-write.ts'
import type { Kit } from '../../pdk/kit.ts'
import type { LogLine } from '../../pdk/log-lines.ts'
import type { Queue } from '../../pdk/queue.ts'
import { type Attributes, bytesOf, encodeAttributes, nanoseconds } from './otlp.ts'

/** Numbers of OpenTelemetry and words of Kong for levels. */
const SEVERITIES: Readonly<Record<LogLine['level'], readonly [number, string]>> = {
  debug: [5, 'DEBUG'],
  info: [9, 'INFO'],
  notice: [11, 'NOTICE'],
  warn: [13, 'WARN'],
  error: [17, 'ERR'],
  crit: [19, 'CRIT'],
}

/** The trace of the request that a line is about; ids in hexadecimal. */
export interface LineTrace {
  readonly traceId: string
  readonly rootId: string
  readonly sampled: boolean
}

/** Where lines go, and whose they are. */
export interface LineExport {
  readonly queue: Queue<Uint8Array>
  readonly traceOf: (requestId: string) => LineTrace | undefined
}

/** Sends lines of the gateway's log to a collector until what it gives is called. */
export function exportLogLines(
  { logs, runtime }: Pick<Kit, 'logs' | 'runtime'>,
  { queue, traceOf }: LineExport,
): () => void {
  const stop = logs?.listen((line) => {
    // A collector that is away must not be told so for ever.
    if (typeof line.fields.queue === 'string') return
    const { requestId } = line.fields
    const trace = typeof requestId === 'string' ? traceOf(requestId) : undefined
    const record = encodeLogLine(line, runtime.now(), trace)
    queue.add(record, record.length)
  })
  return stop ?? (() => {})
}

/** Encodes a line, `LogRecord` of `logs.proto`. */
export function encodeLogLine(
  { level, message, fields }: LogLine,
  at: number,
  trace?: LineTrace,
): Uint8Array {
  const [number, word] = SEVERITIES[level]
  const time = nanoseconds(at)
  return joinBytes([
    protoFixed64(1, time),
    protoVarint(2, number),
    protoText(3, word),
    protoBytes(5, protoText(1, message)),
    ...encodeAttributes(6, attributesOf(fields)),
    ...(trace === undefined ? [] : encodeTrace(trace)),
    protoFixed64(11, time),
  ])
}

/** The flags are those of the W3C's `traceparent`. */
function encodeTrace({ traceId, rootId, sampled }: LineTrace): Uint8Array[] {
  return [
    protoFixed32(8, sampled ? 1 : 0),
    protoBytes(9, bytesOf(traceId)),
    protoBytes(10, bytesOf(rootId)),
  ]
}

/** Kong: the request's id is `request.id`. */
function attributesOf(fields: LogLine['fields']): Attributes {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name === 'requestId' ? 'request.id' : name,
      attributeOf(value),
    ]),
  )
}

function attributeOf(value: unknown): Attributes[string] {
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return value
  if (value instanceof Error) return value.message
  return value === undefined ? undefined : JSON.stringify(value)
}
