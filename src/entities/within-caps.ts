import type { TransportCaps } from '../ports/transport.ts'
import type { Entity, Input, WriteMode } from '../schema/entity.ts'
import type { ErrorTree } from '../schema/error-tree.ts'
import { parseAddress } from './address.ts'

type Refusals = Readonly<Record<string, ErrorTree>>
type Limit = (input: Input, caps: TransportCaps, row: Input) => Refusals

/** What a transport cannot do, by table: refused when configured, never ignored. */
const LIMITS: Readonly<Record<string, Limit>> = {
  services: (input, caps, row) => ({
    ...(caps.http2 !== true && isGrpc(row.protocol) && { protocol: NO_HTTP2 }),
    ...(!caps.clientCertificate && isSet(input.client_certificate) && NO_OWN),
    ...(!caps.verifyOff && input.tls_verify === false && { tls_verify: ALWAYS_VERIFIED }),
    ...(!caps.customCa && isList(input.ca_certificates) && { ca_certificates: NO_CA }),
  }),
  routes: (input, caps) => ({
    ...(!caps.hostHeader && input.preserve_host === true && { preserve_host: OWN_HOST }),
  }),
  upstreams: (input, caps) => ({
    ...(!caps.clientCertificate && isSet(input.client_certificate) && NO_OWN),
    ...(!caps.hostHeader && typeof input.host_header === 'string' && { host_header: OWN_HOST }),
  }),
  targets: (input, caps) => ({
    ...(!caps.ipTargets && isIp(input.target) && { target: NAMES_ONLY }),
  }),
}

const ALWAYS_VERIFIED = 'cannot be switched off on this runtime, which always verifies'
const NO_HTTP2 = 'gRPC is not supported on this runtime, which speaks no HTTP/2 to upstreams'
const NO_OWN = {
  client_certificate: 'not supported on this runtime, which shows upstreams no certificate',
}
const NO_CA = 'not supported on this runtime, which knows public authorities only'
const OWN_HOST = "not supported on this runtime, which always sends the target's own name as Host"
const NAMES_ONLY = 'must be a host name on this runtime, which reaches no addresses'

/** The entities, refusing what this transport could not carry out. */
export function withinCaps(entities: readonly Entity[], caps: TransportCaps): readonly Entity[] {
  return entities.map((entity) => {
    const limit = LIMITS[entity.name]
    if (limit === undefined) return entity
    const own = entity.refuse
    const refuse = (input: Input, mode: WriteMode, row: Input): Refusals => {
      const limits = limit(input, caps, row)
      return own === undefined ? limits : { ...own(input, mode, row), ...limits }
    }
    return { ...entity, refuse }
  })
}

function isList(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null
}

function isGrpc(protocol: unknown): boolean {
  return protocol === 'grpc' || protocol === 'grpcs'
}

function isIp(value: unknown): boolean {
  if (typeof value !== 'string') return false
  const { kind } = parseAddress(value)
  return kind === 'ipv4' || kind === 'ipv6'
}
