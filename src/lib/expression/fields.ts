/** What an expression can ask about, taken apart. */
export type Field =
  | { readonly type: 'string'; readonly name: 'method' | 'host' | 'path' | 'sni' | 'protocol' }
  | {
      readonly type: 'string'
      readonly name: 'segments'
      readonly from: number
      readonly to: number
    }
  | { readonly type: 'string'; readonly name: 'header' | 'query'; readonly key: string }
  | { readonly type: 'int'; readonly name: 'segmentCount' | 'sourcePort' | 'destinationPort' }
  | { readonly type: 'ip'; readonly name: 'sourceIp' | 'destinationIp' }

const STREAM: readonly (readonly [string, Field])[] = [
  ['net.protocol', { type: 'string', name: 'protocol' }],
  ['tls.sni', { type: 'string', name: 'sni' }],
  ['net.src.ip', { type: 'ip', name: 'sourceIp' }],
  ['net.src.port', { type: 'int', name: 'sourcePort' }],
  ['net.dst.ip', { type: 'ip', name: 'destinationIp' }],
  ['net.dst.port', { type: 'int', name: 'destinationPort' }],
  // Kong's old name for it.
  ['net.port', { type: 'int', name: 'destinationPort' }],
]

const HTTP: readonly (readonly [string, Field])[] = [
  ['http.method', { type: 'string', name: 'method' }],
  ['http.host', { type: 'string', name: 'host' }],
  ['http.path', { type: 'string', name: 'path' }],
  ['http.path.segments.len', { type: 'int', name: 'segmentCount' }],
]

const STREAM_FIELDS: ReadonlyMap<string, Field> = new Map(STREAM)
const HTTP_FIELDS: ReadonlyMap<string, Field> = new Map([...STREAM, ...HTTP])
const STREAM_PROTOCOLS = new Set(['tcp', 'tls', 'udp', 'tls_passthrough'])
const SEGMENTS = 'http.path.segments.'
const SEGMENT_RANGE = /^(0|[1-9]\d*)(?:_([1-9]\d*))?$/

/** Whether routes of these protocols are of the stream kind: they know neither paths nor headers. */
export function isStream(protocols: readonly string[]): boolean {
  return STREAM_PROTOCOLS.has(protocols[0] ?? '')
}

/** Finds a field by its name; undefined when there is none, `illformed` for segments that cannot be. */
export function fieldOf(name: string, stream: boolean): Field | 'illformed' | undefined {
  const known = (stream ? STREAM_FIELDS : HTTP_FIELDS).get(name)
  if (known !== undefined || stream) return known
  if (name.startsWith(SEGMENTS)) return segmentsOf(name.slice(SEGMENTS.length))

  const [, kind, key] = /^http\.(headers|queries)\.([^.]*)$/.exec(name) ?? []
  if (kind === undefined || key === undefined) return undefined
  return kind === 'queries'
    ? { type: 'string', name: 'query', key }
    : { type: 'string', name: 'header', key: key.toLowerCase().replaceAll('-', '_') }
}

function segmentsOf(suffix: string): Field | 'illformed' | undefined {
  if (suffix.includes('.')) return undefined
  const [, first, last] = SEGMENT_RANGE.exec(suffix) ?? []
  if (first === undefined) return 'illformed'
  const from = Number(first)
  const to = last === undefined ? from : Number(last)
  return last !== undefined && from >= to
    ? 'illformed'
    : { type: 'string', name: 'segments', from, to }
}
