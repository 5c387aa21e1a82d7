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
export interface RemoteEndpoint {
  readonly serviceName?: string
  readonly port?: number
  readonly ipv4?: string
  readonly ipv6?: string
}

/** Something that happened at a moment. */
export interface Annotation {
  readonly value: string
  readonly timestamp: number
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
export function microseconds(milliseconds: number): number {
  return Math.floor(milliseconds * 1000)
}
