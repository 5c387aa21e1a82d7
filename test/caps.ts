import type { TransportCaps } from '../src/ports/transport.ts'

/** A transport that can do everything. */
export const ALL_CAPS: TransportCaps = {
  hostHeader: true,
  ipTargets: true,
  verifyOff: true,
  customCa: true,
  clientCertificate: true,
  phases: true,
  tcpProbe: true,
  http2: true,
  proxy: true,
}
