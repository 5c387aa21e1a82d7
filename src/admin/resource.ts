import type { Payload } from './body.ts'
import { brokenUtf8At, decodeSegment } from './percent.ts'
import type { Query } from './query.ts'
import { Refusal, type Reply } from './reply.ts'

/** One Admin request, taken apart. */
export interface Call {
  readonly query: Query
  /** The path's segments as the client typed them, without a trailing slash. */
  readonly segments: readonly string[]
  /** A parameter of the pattern, percent-decoded once. */
  param(name: string): string
  /** The same, for a parameter only some patterns have. */
  find(name: string): string | undefined
  /** The body of a POST, PUT or PATCH; an empty object for other verbs. */
  readonly payload: Payload
  /** A header of the request; undefined when it is not there. */
  header(name: string): string | undefined
  /** Who asked for what, for the history of revisions. */
  readonly by: string
}

/** Answers one verb of one resource. */
export type Handler = (call: Call) => Reply | Promise<Reply>

/** The verbs a resource may answer; HEAD and OPTIONS come by themselves. */
export type Verb = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** A path pattern and what it answers. */
export interface Resource {
  /** `/upstreams/{upstreams}/targets`, as `GET /endpoints` lists it. */
  readonly pattern: string
  readonly handlers: Readonly<Partial<Record<Verb, Handler>>>
  /** Whether its body is a whole configuration: large, and YAML if the client likes. */
  readonly takesDocument?: boolean
  /** Listed, yet 404 for every verb, as Kong does with what it disables. */
  readonly disabled?: boolean
}

/** A resource a path leads to. */
export interface Found {
  readonly resource: Resource
  readonly segments: readonly string[]
  readonly params: ReadonlyMap<string, string>
}

/** Finds the resource of a path. Earlier resources win, and stand in for later ones of their pattern. */
export function createRoutes(resources: readonly Resource[]): {
  readonly patterns: readonly string[]
  find(path: string): Found | undefined
} {
  const known = new Map<string, Resource>()
  for (const resource of resources) {
    if (!known.has(resource.pattern)) known.set(resource.pattern, resource)
  }
  const compiled = [...known.values()].map((resource) => ({
    resource,
    parts: splitPath(resource.pattern),
  }))
  return {
    patterns: [...known.keys()].sort(bySegments),
    find(path) {
      const typed = splitPath(path)
      const segments = withoutWorkspace(typed)
      for (const { resource, parts } of compiled) {
        if (!fits(parts, segments)) continue
        return resource.disabled === true
          ? undefined
          : { resource, segments: typed, params: paramsOf(parts, segments) }
      }
      return undefined
    },
  }
}

/** Terraform puts the one workspace there is before each path; Kong OSS knows no such prefix. */
function withoutWorkspace(segments: readonly string[]): readonly string[] {
  const prefixed = segments.length > 1 && segments[0] === 'default'
  return prefixed && segments[1] !== 'workspaces' ? segments.slice(1) : segments
}

/** `/a/b/` as `a`, `b`: one trailing slash is tolerated. */
function splitPath(path: string): string[] {
  if (path === '/') return []
  return path.slice(1, path.endsWith('/') ? -1 : undefined).split('/')
}

function fits(parts: readonly string[], segments: readonly string[]): boolean {
  return (
    parts.length === segments.length &&
    parts.every((part, i) => (isParam(part) ? segments[i] !== '' : part === segments[i]))
  )
}

function isParam(part: string): boolean {
  return part.startsWith('{')
}

function paramsOf(parts: readonly string[], segments: readonly string[]): Map<string, string> {
  const params = new Map<string, string>()
  for (const [i, part] of parts.entries()) {
    if (!isParam(part)) continue
    const segment = segments[i] ?? ''
    const value = decodeSegment(segment)
    if (value === undefined) throw undecodable(segment)
    params.set(part.slice(1, -1), value)
  }
  return params
}

function undecodable(segment: string): Refusal {
  const at = brokenUtf8At(segment)
  const why =
    at === undefined
      ? 'Cannot decode path'
      : `invalid utf-8 character sequence detected at position ${at}`
  return new Refusal(400, why)
}

function bySegments(a: string, b: string): number {
  const [left, right] = [splitPath(a), splitPath(b)]
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const [l, r] = [left[i], right[i]]
    if (l === r) continue
    if (l === undefined) return -1
    if (r === undefined) return 1
    return l < r ? -1 : 1
  }
  return 0
}

/** The verbs of a resource as `Allow` names them. */
export function allowOf(resource: Resource): string {
  const verbs = Object.keys(resource.handlers)
  return [...verbs, 'OPTIONS', ...(verbs.includes('GET') ? ['HEAD'] : [])].sort().join(', ')
}
