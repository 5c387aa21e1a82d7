import { abortCases } from './aborts.ts'
import { connectionCases } from './connections.ts'
import { errorBodyCases } from './error-bodies.ts'
import { framingCases } from './framing.ts'
import { hopByHopCases } from './hop-by-hop.ts'
import { hostCases } from './hosts.ts'
import { pathCases } from './paths.ts'
import { requestHeaderCases } from './request-headers.ts'
import { responseHeaderCases } from './response-headers.ts'
import { statusCases } from './statuses.ts'
import { streamingCases } from './streaming.ts'
import { upstreamPathCases } from './upstream-paths.ts'
import { webSocketCases } from './websockets.ts'
import type { WireCase } from './world.ts'

/** The whole wire suite, by its parts. */
export const WIRE_CASES: Readonly<Record<string, readonly WireCase[]>> = {
  paths: pathCases,
  'upstream paths': upstreamPathCases,
  'headers up': requestHeaderCases,
  'hop by hop': hopByHopCases,
  'headers down': responseHeaderCases,
  hosts: hostCases,
  errors: errorBodyCases,
  framing: framingCases,
  statuses: statusCases,
  streams: streamingCases,
  aborts: abortCases,
  WebSockets: webSocketCases,
  connections: connectionCases,
}
