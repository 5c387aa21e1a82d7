import type { HeaderList } from '../lib/header-list.ts'
import type { MatchCalculation } from '../lib/match-calculation.ts'
import type { Captures } from '../lib/regex.ts'

/** An address of a connection's one end, or a range of them, and a port; either may be left out. */
export interface Endpoint {
  readonly ip?: string | null
  readonly port?: number | null
}

/** The fields of a route that decide what it matches, as the Admin API stores them. */
export interface RouteRule {
  readonly id: string
  readonly protocols: readonly string[]
  readonly methods: readonly string[] | null
  readonly hosts: readonly string[] | null
  readonly paths: readonly string[] | null
  readonly snis: readonly string[] | null
  readonly headers: Readonly<Record<string, readonly string[]>> | null
  readonly regex_priority: number | null
  /** Seconds; decides ties in the flavour `traditional`. */
  readonly created_at?: number | null
  /** Stream routes', and in the flavour `expressions` any route's. */
  readonly sources?: readonly Endpoint[] | null
  readonly destinations?: readonly Endpoint[] | null
  /** In the flavour `expressions` alone. */
  readonly expression?: string | null
  readonly priority?: number | null
}

/** What of a request a router looks at. */
export interface RouterRequest {
  readonly method: string
  /** The Host header as received; empty when there is none. */
  readonly host: string
  /** The listener's port, which counts when the Host header names none. */
  readonly port: number
  /** The path as `normalizeTarget` gives it. */
  readonly path: string
  /** The query with its `?`; only expressions read it. */
  readonly query?: string
  /** How many arguments of it are read; all when absent. */
  readonly maxQueryArgs?: number
  readonly headers: HeaderList
  readonly scheme: 'http' | 'https'
  readonly sni?: string | undefined
  /** The client's address and port, the real ones where they are known, and the listener's address; only expressions read them. */
  readonly sourceIp?: string
  readonly sourcePort?: number | undefined
  readonly destinationIp?: string | undefined
}

/** The route that won, and what its path matched. */
export interface Match<R> {
  readonly route: R
  /** The part of the path the route's path matched, one char per byte; undefined without paths. */
  readonly prefix: string | undefined
  /** What a regex path captured; undefined for a plain one. */
  readonly captures: Captures | undefined
  /** What it won by before ties, which only explanations look at. */
  readonly rank?: number
}

/** What differs between a router and the next: routes by their old and by their new form. */
export interface RouterChanges<R> {
  /** Routes the router has, as it was given them. */
  readonly removed: readonly R[]
  readonly added: readonly R[]
}

/** Routes compiled for matching; never changes. */
export interface Router<R> {
  match(request: RouterRequest): Match<R> | undefined
  /** How many routes it serves; stream routes do not count. */
  readonly size: number
  /** The router after some changes. Shares with this one, which stays as it is, all they do not touch. */
  with(changes: RouterChanges<R>): Router<R>
}

/** A flavour: how routes become a router. Fields are weighed as drawn (`strict`) unless said. */
export type BuildRouter = <R extends RouteRule>(
  routes: readonly R[],
  calculation?: MatchCalculation,
) => Router<R>
