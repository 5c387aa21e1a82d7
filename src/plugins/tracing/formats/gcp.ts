import { decimalOfHex, hexOfDecimal } from '../../../lib/decimal-id.ts'
import type { HeaderView } from '../../../pdk/headers.ts'
import { readIds, type TraceContext } from '../trace-context.ts'
import { onlyValue, type TraceFormat } from '../trace-format.ts'

const CONTEXT = /^([\da-f]{32})\/(\d{1,20})(?:;o=(\d))?$/

/** `X-Cloud-Trace-Context` of Google Cloud, whose span id is a decimal number. */
export const gcp: TraceFormat = {
  name: 'gcp',
  read,
  traceIdSizes: [16],
  write: ({ traceId, spanId, sampled }) => [
    ['x-cloud-trace-context', `${traceId}/${decimalOfHex(spanId)};o=${sampled ? 1 : 0}`],
  ],
}

function read(headers: HeaderView): TraceContext | undefined {
  const text = onlyValue(headers, 'x-cloud-trace-context') ?? ''
  const [, traceId, digits, flag] = CONTEXT.exec(text) ?? []
  if (traceId === undefined || digits === undefined) return undefined
  return { ...readIds({ traceId, spanId: hexOfDecimal(digits) }), sampled: flag === '1' }
}
