import { decimalOfHex, hexOfDecimal } from '../../../lib/decimal-id.ts'
import type { HeaderView } from '../../../pdk/headers.ts'
import { readIds, type TraceContext } from '../trace-context.ts'
import { onlyValue, type TraceFormat } from '../trace-format.ts'

/** Of 128 bits at most. */
const DECIMAL = /^\s*(\d{1,39})\s*$/
const PRIORITIES: ReadonlyMap<string, boolean> = new Map([
  ['-1', false],
  ['0', false],
  ['1', true],
  ['2', true],
])

/** Datadog's `x-datadog-…`, whose ids are decimal numbers of 64 bits. */
export const datadog: TraceFormat = {
  name: 'datadog',
  read,
  traceIdSizes: [8],
  write: ({ traceId, spanId, sampled }) => [
    ['x-datadog-trace-id', decimalOfHex(traceId)],
    ['x-datadog-parent-id', decimalOfHex(spanId)],
    ['x-datadog-sampling-priority', sampled ? '1' : '0'],
  ],
  shownId: decimalOfHex,
}

function read(headers: HeaderView): TraceContext | undefined {
  const priority = headers.get('x-datadog-sampling-priority')
  const sampled = priority === undefined ? undefined : PRIORITIES.get(priority)
  // Kong: a priority that is none spoils the rest.
  if (priority !== undefined && sampled === undefined) return undefined
  const traceId = idIn(headers, 'x-datadog-trace-id')
  if (traceId === undefined) return sampled === undefined ? undefined : { sampled }
  return { ...readIds({ traceId, spanId: idIn(headers, 'x-datadog-parent-id') }), sampled }
}

function idIn(headers: HeaderView, name: string): string | undefined {
  const [, digits] = DECIMAL.exec(onlyValue(headers, name) ?? '') ?? []
  return digits === undefined ? undefined : hexOfDecimal(digits)
}
