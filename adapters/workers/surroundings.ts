import { connect } from 'cloudflare:sockets'
import { waitUntil } from 'cloudflare:workers'
import type { GatewayOptions } from '../../src/gateway.ts'
import { createHttpsResolver } from '../dns/https-resolver.ts'
import { createWorkersRuntime } from './runtime.ts'
import type { WorkersSettings } from './settings.ts'
import { createWorkersSockets } from './sockets.ts'
import { createFetchTransport } from './transport.ts'

/** What a gateway is given of the platform, in an isolate and in the Durable Object alike. */
export function surroundings({
  settings,
  ownSockets,
  environment,
}: WorkersSettings): Omit<GatewayOptions, 'store' | 'kv'> {
  const { dohUrl } = settings
  return {
    transport: createFetchTransport({ connect, ipTargets: ownSockets, keep: waitUntil }),
    sockets: createWorkersSockets(connect),
    runtime: createWorkersRuntime(settings, environment),
    settings,
    ...(dohUrl === undefined ? {} : { resolver: createHttpsResolver({ url: dohUrl }) }),
  }
}
