import type { HeaderView } from '../../../pdk/headers.ts'
import { readIds, sizedId, type TraceContext } from '../trace-context.ts'
import { onlyValue, type TraceFormat } from '../trace-format.ts'

const ROOT = /^1-([\da-f]{8})-([\da-f]{24})$/i
const PARENT = /^[\da-f]{16}$/i

/** `X-Amzn-Trace-Id` of AWS X-Ray. */
export const aws: TraceFormat = {
  name: 'aws',
  read,
  traceIdSizes: [16],
  write: ({ traceId, spanId, sampled }) => [
    [
      'x-amzn-trace-id',
      `Root=1-${traceId.slice(0, 8)}-${traceId.slice(8)};Parent=${spanId};Sampled=${sampled ? 1 : 0}`,
    ],
  ],
}

/** Kong: a part that does not hold spoils the rest; parts that are not known do not matter. */
function read(headers: HeaderView): TraceContext | undefined {
  const parts = new Map(
    (onlyValue(headers, 'x-amzn-trace-id') ?? '').split(';').map((part) => {
      const [name = '', value = ''] = part.split('=')
      return [name.trim(), value.trim()] as const
    }),
  )
  const [root, parent, flag] = [parts.get('Root'), parts.get('Parent'), parts.get('Sampled')]
  const [, time = '', unique = ''] = ROOT.exec(root ?? '') ?? []
  if (root !== undefined && time === '') return undefined
  if (parent !== undefined && !PARENT.test(parent)) return undefined
  if (flag !== undefined && flag !== '0' && flag !== '1') return undefined
  const sampled = flag === undefined ? undefined : flag === '1'
  if (root === undefined) return withoutRoot(parent, sampled)
  return { ...readIds({ traceId: time + unique, spanId: parent }), sampled }
}

/** Kong: a parent counts even where nobody says of which trace it is. */
function withoutRoot(
  parent: string | undefined,
  sampled: boolean | undefined,
): TraceContext | undefined {
  if (parent === undefined) return sampled === undefined ? undefined : { sampled }
  return { spanId: sizedId(parent.toLowerCase(), 8), sampled }
}
