import type { Route } from '../entities/route.ts'
import type { Service } from '../entities/service.ts'
import type { RouteRule } from '../router/router.ts'

/** A service with all that is the same for every request to it. */
export interface CompiledService {
  readonly id: string
  readonly name: string | null
  readonly scheme: 'http' | 'https'
  readonly grpc: boolean
  /** An Upstream's name, else a host; which of them is found out at each request. */
  readonly host: string
  readonly port: number
  readonly path: string | null
  /** The first try and Kong's `retries`. */
  readonly attempts: number
  /** Milliseconds. */
  readonly connectTimeout: number
  readonly writeTimeout: number
  readonly readTimeout: number
  readonly tlsVerify: boolean
  readonly tlsVerifyDepth: number | undefined
}

/** A route: what it matches, and what happens then. */
export interface CompiledRoute extends RouteRule {
  readonly name: string | null
  readonly serviceId: string | undefined
  readonly stripPath: boolean
  readonly preserveHost: boolean
  readonly requestBuffering: boolean
  /** Takes https, not http. */
  readonly httpsOnly: boolean
  readonly redirectStatus: number
  readonly grpc: boolean
  /** Takes grpcs, not grpc. */
  readonly grpcsOnly: boolean
}

const TIMEOUT = 60_000
const RETRIES = 5

/** Compiles a service. Kong: nulled numbers mean their defaults, a nulled `tls_verify` means no. */
export function compileService(service: Service): CompiledService {
  const { protocol } = service
  return {
    id: service.id,
    name: service.name,
    scheme: protocol === 'https' || protocol === 'grpcs' || protocol === 'tls' ? 'https' : 'http',
    grpc: protocol === 'grpc' || protocol === 'grpcs',
    host: service.host,
    port: service.port,
    path: service.path,
    attempts: (service.retries ?? RETRIES) + 1,
    connectTimeout: service.connect_timeout ?? TIMEOUT,
    writeTimeout: service.write_timeout ?? TIMEOUT,
    readTimeout: service.read_timeout ?? TIMEOUT,
    tlsVerify: service.tls_verify ?? false,
    tlsVerifyDepth: service.tls_verify_depth ?? undefined,
  }
}

/** Compiles a route. */
export function compileRoute(route: Route): CompiledRoute {
  const protocols = new Set<string>(route.protocols)
  return {
    id: route.id,
    protocols: route.protocols,
    methods: route.methods,
    hosts: route.hosts,
    paths: route.paths,
    snis: route.snis,
    headers: route.headers,
    regex_priority: route.regex_priority,
    name: route.name,
    serviceId: route.service?.id,
    stripPath: route.strip_path,
    preserveHost: route.preserve_host,
    requestBuffering: route.request_buffering,
    httpsOnly: protocols.has('https') && !protocols.has('http'),
    redirectStatus: route.https_redirect_status_code,
    grpc: protocols.has('grpc') || protocols.has('grpcs'),
    grpcsOnly: protocols.has('grpcs') && !protocols.has('grpc'),
  }
}
