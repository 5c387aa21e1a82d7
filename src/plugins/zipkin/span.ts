/** A span in Zipkin's JSON, second version; times in whole microseconds. */
export interface ZipkinSpan {
  readonly traceId: string
  readonly name: string
  readonly parentId?: string
  readonly id: string
  readonly kind: 'SERVER' | 'CLIENT'
  readonly timestamp: number
  readonly duration: number
  readonly localEndpoint: { readonly serviceName: string }
  readonly remoteEndpoint: RemoteEndpoint | null
  readonly tags?: Readonly<Record<string, string>>
  readonly annotations?: readonly Annotation[]
}

/** Who is at the other end. */
interface RemoteEndpoint {
  readonly serviceName?: string
  readonly port?: number
  readonly ipv4?: string
  readonly ipv6?: string
}

/** Something that happened at a moment. */
interface Annotation {
  readonly value: string
  readonly timestamp: number
}

/** What the spans of one trace have in common. */
export interface Trace {
  readonly traceId: string
  /** Of the whole, and of what lies behind us. */
  readonly spanId: string
  readonly proxySpanId: string
  readonly sampled: boolean
  readonly name: string
  readonly tags: Tags
}

interface SpanParts {
  readonly name: string
  readonly kind: ZipkinSpan['kind']
  /** Milliseconds since 1970. */
  readonly from: number
  readonly to: number
}

/** What every span of a trace has. */
export function spanOf(
  {
    config,
    trace,
  }: { readonly config: { readonly local_service_name: string }; readonly trace: Trace },
  { name, kind, from, to }: SpanParts,
) {
  return {
    traceId: trace.traceId,
    name,
    kind,
    timestamp: microseconds(from),
    duration: Math.max(0, microseconds(to) - microseconds(from)),
    localEndpoint: { serviceName: config.local_service_name },
  }
}

/** Moments, in milliseconds since 1970, by Kong's names of them. */
export function annotations(
  moments: readonly (readonly [value: string, at: number])[],
): Required<Pick<ZipkinSpan, 'annotations'>> {
  return { annotations: moments.map(([value, at]) => ({ value, timestamp: microseconds(at) })) }
}

/** Values of any kind, by name; absent ones are not told. */
export type Tags = Readonly<Record<string, string | number | boolean | null | undefined>>

/** Zipkin: tags are texts, and none is empty. */
export function textTags(tags: Tags): Pick<ZipkinSpan, 'tags'> {
  const told = Object.entries(tags).flatMap(([name, value]) =>
    value === undefined || value === null || value === '' ? [] : [[name, String(value)] as const],
  )
  return told.length === 0 ? {} : { tags: Object.fromEntries(told) }
}

/** The other end, as far as it is known; null when it is not at all. */
export function remoteEndpoint(
  serviceName: string | null | undefined,
  address?: { readonly ip: string; readonly port: number },
): RemoteEndpoint | null {
  const named = serviceName === null || serviceName === undefined ? {} : { serviceName }
  if (address === undefined) return 'serviceName' in named ? named : null
  const { ip, port } = address
  return { ...named, port, ...(ip.includes(':') ? { ipv6: ip } : { ipv4: ip }) }
}

/** Milliseconds since 1970 in microseconds. */
function microseconds(milliseconds: number): number {
  return Math.floor(milliseconds * 1000)
}
