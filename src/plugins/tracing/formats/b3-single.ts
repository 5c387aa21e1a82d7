import type { OutgoingTrace } from '../trace-context.ts'
import type { TraceFormat } from '../trace-format.ts'

/** Zipkin's single `b3`; what reads the many reads it as well. */
export const b3Single: TraceFormat = { name: 'b3', traceIdSizes: [16, 8], write }

function write({ traceId, spanId, parentId, flags, sampled }: OutgoingTrace) {
  const decision = flags === '1' ? 'd' : sampled ? '1' : '0'
  const parent = parentId === undefined ? '' : `-${parentId}`
  return [['b3', `${traceId}-${spanId}-${decision}${parent}`] as const]
}
