import type { IpRange } from '../lib/ip.ts'
import type { MatchCalculation } from '../lib/match-calculation.ts'
import type { RouterFlavor } from '../lib/router-flavor.ts'
import type { DnsSettings } from './dns.ts'
import type { ErrorTemplates } from './error-template.ts'
import type { PortMaps } from './port-maps.ts'
import type { TracingSettings } from './tracing.ts'

/** What the person running the gateway chose, as the core reads it. Names follow kong.conf. */
export interface Settings {
  /** Peers whose X-Forwarded-* and real-ip header are believed. */
  readonly trustedIps: readonly IpRange[]
  /** Lower-case header the client's address is read from when the peer is trusted. */
  readonly realIpHeader: string
  readonly realIpRecursive: boolean
  /** Which of Kong's own headers are sent; Kong's names, lower case. */
  readonly headers: ReadonlySet<string>
  readonly headersUpstream: ReadonlySet<string>
  /** Content type of errors when the client names none. */
  readonly errorDefaultType: string
  /** What stands in place of Kong's own bodies of errors; the adapter reads the files. */
  readonly errorTemplates?: ErrorTemplates
  /** Ports as clients see them; ours where it says nothing. */
  readonly portMaps?: PortMaps | undefined
  /** What this node is called; undefined for a new name at each start. */
  readonly nodeId?: string | undefined
  /** All spans there are, of so many requests as plugins say, when absent. */
  readonly tracing?: TracingSettings
  readonly allowDebugHeader: boolean
  /** Arguments of a query that plugins and expressions see. */
  readonly maxQueryArgs: number
  /** `file`, `memory` or `durable-object` behave as Kong with a database; `off` as Kong without. */
  readonly database: string
  readonly routerFlavor: RouterFlavor
  /** How routes with fields are weighed; `strict` unless said. */
  readonly matchCalculation?: MatchCalculation
  /** First pause of a peer that could not be connected to, in milliseconds; 0 for none. */
  readonly connectBackoff: number
  /** How long a recovered target takes to get its whole weight, in milliseconds; 0 for none. */
  readonly slowStart: number
  /** Requests that may be under way to an upstream; 0 for no limit. */
  readonly upstreamMaxInFlight: number
  /** Requests that may wait for one of those to end, and how long, in milliseconds. */
  readonly upstreamMaxWaiting: number
  readonly upstreamMaxWait: number
  readonly dns: DnsSettings
  /** Where names are asked for over HTTPS; undefined for nowhere. */
  readonly dohUrl: string | undefined
  /** Origins the Admin API answers to in browsers; empty for Kong's reflecting default. */
  readonly adminGuiUrls: readonly string[]
  readonly logLevel: string
  /** Names of the plugins that are loaded; undefined for all that are bundled. */
  readonly plugins: readonly string[] | undefined
  /** What becomes of an enabled plugin that has no behaviour yet. */
  readonly unimplementedPlugins: 'refuse' | 'ignore'
  /** What `Kong-Admin-Token` or a bearer must hold; undefined for no login. */
  readonly adminToken: string | undefined
  /** Where proxy-cache keeps its answers; in memory unless said. */
  readonly proxyCacheStorage?: 'memory' | 'kv'
  /** How many revisions can be gone back to. */
  readonly revisionHistory: number
  /** The effective settings by Kong's names, for `GET /`; secrets are masked already. */
  readonly shown: Readonly<Record<string, unknown>>
}
