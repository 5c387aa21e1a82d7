import type { Route } from '../entities/route.ts'
import type { Service } from '../entities/service.ts'
import type { RouterFlavor } from '../lib/router-flavor.ts'
import type { ClientCertificate } from '../ports/transport.ts'
import type { RouteRule } from '../router/router.ts'
import type { Credentials } from './credentials.ts'

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
  /** PEM texts to trust instead of the runtime's; undefined when the service names none. */
  readonly ca: readonly string[] | undefined
  readonly clientCertificate: ClientCertificate | undefined
}

/** A route: what it matches, and what happens then. */
export interface CompiledRoute extends RouteRule {
  readonly name: string | null
  readonly serviceId: string | undefined
  readonly stripPath: boolean
  readonly pathHandling: 'v0' | 'v1'
  readonly preserveHost: boolean
  readonly requestBuffering: boolean
  /** Takes https, not http. */
  readonly httpsOnly: boolean
  readonly redirectStatus: number
  readonly grpc: boolean
  /** Takes grpcs, not grpc. */
  readonly grpcsOnly: boolean
  /** The row its requests are counted in, once there was one: a map by route costs each of them more. */
  countedIn: number | undefined
}

const TIMEOUT = 60_000
const RETRIES = 5

/** Compiles a service. Kong: nulled numbers mean their defaults, a nulled `tls_verify` means no. */
export function compileService(service: Service, credentials: Credentials): CompiledService {
  const { protocol, ca_certificates: authorities, client_certificate: own } = service
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
    // An empty list trusts nobody.
    ca: authorities?.flatMap((id) => credentials.authority(id) ?? []),
    clientCertificate: own === null ? undefined : credentials.certificate(own.id),
  }
}

/** Compiles a route. Given the service's own text of its id, all its routes share that one. */
export function compileRoute(
  route: Route,
  flavor: RouterFlavor,
  serviceId = route.service?.id,
): CompiledRoute {
  const protocols: readonly string[] = route.protocols
  return {
    id: route.id,
    protocols: route.protocols,
    methods: route.methods,
    hosts: route.hosts,
    paths: route.paths,
    snis: route.snis,
    headers: route.headers,
    regex_priority: route.regex_priority,
    created_at: route.created_at,
    sources: route.sources,
    destinations: route.destinations,
    expression: route.expression ?? null,
    priority: route.priority ?? null,
    name: route.name,
    serviceId,
    stripPath: route.strip_path,
    // Kong: v1 exists in the flavour `traditional` alone, the others take it for v0.
    pathHandling: flavor === 'traditional' ? (route.path_handling ?? 'v0') : 'v0',
    preserveHost: route.preserve_host,
    requestBuffering: route.request_buffering,
    httpsOnly: protocols.includes('https') && !protocols.includes('http'),
    redirectStatus: route.https_redirect_status_code,
    grpc: protocols.includes('grpc') || protocols.includes('grpcs'),
    grpcsOnly: protocols.includes('grpcs') && !protocols.includes('grpc'),
    countedIn: undefined,
  }
}
