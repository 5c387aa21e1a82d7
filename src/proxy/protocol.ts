import type { Refusal } from '../http/error-body.ts'
import { headerOf } from '../lib/header-list.ts'
import type { ClientRequest } from '../ports/server.ts'
import type { CompiledRoute } from '../snapshot/compiled.ts'
import type { Origin } from './forwarded.ts'

/** A refusal that is answered without an error body. */
export interface ProtocolRefusal extends Refusal {
  readonly bare?: true
}

/** Why a route that matched does not take the request by this protocol; undefined when it does. */
export function refuseProtocol(
  request: ClientRequest,
  route: CompiledRoute,
  origin: Origin,
): ProtocolRefusal | undefined {
  if (route.httpsOnly && origin.proto !== 'https') return wantHttps(request, route, origin)
  return route.grpc ? refuseGrpc(request, route, origin) : undefined
}

function wantHttps(
  request: ClientRequest,
  { redirectStatus }: CompiledRoute,
  origin: Origin,
): ProtocolRefusal {
  if (redirectStatus === 426) {
    return {
      status: 426,
      message: 'Please use HTTPS protocol',
      headers: ['Connection', 'Upgrade', 'Upgrade', 'TLS/1.2, HTTP/1.1'],
    }
  }
  // Kong: the raw target, and the host without its port.
  const headers = ['Location', `https://${origin.host}${originForm(request.target)}`]
  return { status: redirectStatus, headers, bare: true }
}

/** The path and query of a target, absolute form included, as they were sent. */
function originForm(target: string): string {
  if (target.startsWith('/')) return target
  return target.replace(/^[^:]*:\/\/[^/?#]*/, '') || '/'
}

function refuseGrpc(
  request: ClientRequest,
  route: CompiledRoute,
  origin: Origin,
): ProtocolRefusal | undefined {
  if (headerOf(request.headers, 'content-type')?.startsWith('application/grpc') !== true) {
    return { status: 415, message: 'Non-gRPC request matched gRPC route' }
  }
  if (request.httpVersion !== '2') {
    return {
      status: 426,
      message: 'Please use HTTP2 protocol',
      headers: ['Connection', 'Upgrade', 'Upgrade', 'HTTP/2'],
    }
  }
  if (!route.grpcsOnly || origin.proto === 'https') return undefined
  const message = 'gRPC request matched gRPCs route'
  const headers = ['Content-Type', 'application/grpc', 'grpc-status', '1', 'grpc-message', message]
  return { status: 200, headers, bare: true }
}
