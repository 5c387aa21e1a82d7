import { percentEncoded } from '../lib/percent-encoded.ts'

/** A request target, taken apart as Kong does before it matches. */
export interface Target {
  /** The normalised path: what routes are matched against and what goes upstream. */
  readonly path: string
  /** The path as the client sent it. */
  readonly rawPath: string
  /** The query with its `?`, byte for byte; empty when there is none. */
  readonly query: string
  /** The authority of an absolute-form target, which overrides the Host header. */
  readonly authority: string | undefined
  /** False for what nginx answers 400 in front of Kong: a broken escape, `%00`, a climb above the root. */
  readonly wellFormed: boolean
}

const SLASH = 0x2f
const DOT = 0x2e
const PERCENT = 0x25
const QUESTION = 0x3f
const HASH = 0x23

// Kong keeps these encoded, for decoding them could change what the path means.
const RESERVED = new Set("!*'();:@&=+$,/?%#[]")
const ABSOLUTE_FORM = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/([^/?#]*)/
const OUTSIDE_URI = /[^!$&'()*+,/:;=?@[\]A-Za-z0-9\-_.~%]/
const ALL_OUTSIDE_URI = new RegExp(OUTSIDE_URI, 'g')
const BROKEN_ESCAPE = /%(?![0-9A-Fa-f]{2})|%00/

/** Splits a request target and normalises its path; a plain one comes back untouched. */
export function normalizeTarget(target: string): Target {
  if (target.charCodeAt(0) !== SLASH) return otherForm(target)

  let end = target.length
  let plain = true
  let hash = false
  for (let i = 0; i < end; i++) {
    const char = target.charCodeAt(i)
    if (char === QUESTION) end = i
    else if (char === PERCENT) plain = false
    else if (char === HASH) hash = true
    else if (char === SLASH && isDotOrSlash(target.charCodeAt(i + 1))) plain = false
  }

  const query = end === target.length || hash ? '' : withoutFragment(target.slice(end))
  const rawPath = end === target.length ? target : target.slice(0, end)
  if (plain) return { path: rawPath, rawPath, query, authority: undefined, wellFormed: true }

  return {
    path: joinSegments(decodeUnreserved(rawPath)),
    rawPath,
    query,
    authority: undefined,
    wellFormed: !BROKEN_ESCAPE.test(rawPath) && !climbs(rawPath),
  }
}

/** nginx: a fragment, which no client should send, ends the query; one in the path begins none. */
function withoutFragment(query: string): string {
  const hash = query.indexOf('#')
  return hash < 0 ? query : query.slice(0, hash)
}

function isDotOrSlash(char: number): boolean {
  return char === SLASH || char === DOT
}

/** Absolute form (`http://host/path`); all else (`*`, `host:port`, nothing) nginx does not take. */
function otherForm(target: string): Target {
  const absolute = ABSOLUTE_FORM.exec(target)
  const authority = absolute?.[1]
  if (absolute === null || authority === undefined) {
    return { path: target, rawPath: target, query: '', authority: undefined, wellFormed: false }
  }

  const rest = target.slice(absolute[0].length)
  const origin = normalizeTarget(rest.charCodeAt(0) === SLASH ? rest : `/${rest}`)
  const wellFormed = origin.wellFormed && authority !== '' && !authority.includes('@')
  return { ...origin, authority, wellFormed }
}

function decodeUnreserved(path: string): string {
  return path.replace(/%[0-9A-Fa-f]{2}/g, (escaped) => {
    const char = String.fromCharCode(Number.parseInt(escaped.slice(1), 16))
    return RESERVED.has(char) ? escaped.toUpperCase() : char
  })
}

/** Removes dot segments and merges slashes; empty segments go first, so `/a//../b` is `/b`. */
function joinSegments(path: string): string {
  const kept: string[] = []
  let last = ''
  for (const segment of path.split('/')) {
    last = segment
    if (segment === '..') kept.pop()
    else if (segment !== '' && segment !== '.') kept.push(segment)
  }
  const isFolder = last === '' || last === '.' || last === '..'
  return kept.length === 0 ? '/' : `/${kept.join('/')}${isFolder ? '/' : ''}`
}

/** Whether `..` leads above the root once every escape, `%2F` too, is decoded, as nginx reads it. */
function climbs(path: string): boolean {
  let depth = 0
  for (const segment of path.replace(/%2f/gi, '/').replace(/%2e/gi, '.').split('/')) {
    if (segment === '..') depth--
    else if (segment !== '' && segment !== '.') depth++
    if (depth < 0) return true
  }
  return false
}

/** Escapes the bytes no URI may hold. A raw `#` is escaped too, so that no upstream cuts there. */
export function escapePath(path: string): string {
  // Hardly any has one, and V8 takes ten times as long to replace nothing.
  if (!OUTSIDE_URI.test(path)) return path
  return path.replaceAll(ALL_OUTSIDE_URI, percentEncoded)
}

/** What the path sent upstream is made of. */
export interface UpstreamPathParts {
  readonly servicePath: string | null
  /** The normalised request path. */
  readonly requestPath: string
  /** What of it the route's path matched; undefined for a route without paths. */
  readonly matchedPrefix: string | undefined
  readonly stripPath: boolean
  readonly pathHandling: 'v0' | 'v1'
}

/** The path to ask the upstream for, not yet escaped. */
export function upstreamPath(parts: UpstreamPathParts): string {
  const base = parts.servicePath ?? '/'
  const request = parts.requestPath
  if (!parts.stripPath) {
    const joined = base + request.slice(1)
    return parts.pathHandling === 'v1' || base.endsWith('/') ? joined : unstripped(base, request)
  }

  const rest = withoutLeadingDots(request.slice(parts.matchedPrefix?.length ?? 1))
  if (base.endsWith('/') && rest.startsWith('/')) return base.slice(0, -1) + rest
  if (parts.pathHandling === 'v1') return base + rest
  if (rest === '') return strippedWhole(base, request)
  return base.endsWith('/') || rest.startsWith('/') ? base + rest : `${base}/${rest}`
}

function unstripped(base: string, request: string): string {
  return request === '/' ? base : base + request
}

/** v0 lets the request's last slash decide the upstream's when the route matched all of the path. */
function strippedWhole(base: string, request: string): string {
  if (base === '/') return '/'
  const wantsSlash = request.length > 1 && request.endsWith('/')
  if (!base.endsWith('/')) return wantsSlash ? `${base}/` : base
  return request.endsWith('/') ? base : base.slice(0, -1)
}

/** A prefix may end inside a segment (`/u` of `/u../x`), and what is left must not climb. */
function withoutLeadingDots(rest: string): string {
  if (rest.charCodeAt(0) !== DOT) return rest
  if (rest === '.' || rest === '..') return ''
  if (rest.startsWith('./')) return rest.slice(2)
  return rest.startsWith('../') ? rest.slice(3) : rest
}
