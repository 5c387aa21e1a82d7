import type { HeaderList } from '../lib/header-list.ts'
import type { Captures } from '../lib/regex.ts'

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
  readonly headers: HeaderList
  readonly scheme: 'http' | 'https'
  readonly sni?: string
}

/** The route that won, and what its path matched. */
export interface Match<R> {
  readonly route: R
  /** The part of the path the route's path matched, one char per byte; undefined without paths. */
  readonly prefix: string | undefined
  /** What a regex path captured; undefined for a plain one. */
  readonly captures: Captures | undefined
}

/** Routes compiled for matching; never changes. */
export interface Router<R> {
  match(request: RouterRequest): Match<R> | undefined
  /** How many routes it serves; stream routes do not count. */
  readonly size: number
}

/** A flavour: how routes become a router. */
export type BuildRouter = <R extends RouteRule>(routes: readonly R[]) => Router<R>
