import { parseIpRange } from '../lib/ip.ts'
import { parseAddress } from './address.ts'

/** Why a text is no name of a service, route or the like. */
export function checkName(name: string): string | undefined {
  if (/^[\w.~-]+$/.test(name)) return undefined
  const broken = brokenAt(name)
  if (broken >= 0) return `invalid utf-8 character sequence detected at position ${broken + 1}`
  if (/^[\w.~\-\u0080-\u{10ffff}]+$/u.test(name)) return undefined
  return `invalid value '${name}': the only accepted ascii characters are alphanumerics or ., -, _, and ~`
}

/** Why a text is no tag. */
export function checkTag(tag: string): string | undefined {
  if (brokenAt(tag) < 0 && /^[ -+\-.0-~\u0080-\u{10ffff}]+$/u.test(tag)) return undefined
  return `invalid tag '${tag}': expected printable ascii (except \`,\` and \`/\`) or valid utf-8 sequences`
}

/** Why a text is no host: a name or an address, without a port. */
export function checkHost(host: string): string | undefined {
  const address = parseAddress(host)
  if (address.kind === 'invalid') {
    return address.error === 'invalid port number'
      ? 'must not have a port'
      : `invalid value: ${host}`
  }
  return address.port === undefined ? undefined : 'must not have a port'
}

/** Why a text is no host with an optional port. */
export function checkHostPort(host: string): string | undefined {
  const address = parseAddress(host)
  return address.kind === 'invalid' ? address.error : undefined
}

/** The same for a host of a route, whose one wildcard stands where it may already. */
export function checkWildcardHost(host: string): string | undefined {
  if (PLAIN_NAME.test(host)) return undefined
  const error = checkHostPort(host.replace('*', 'wildcard'))
  return error?.startsWith('invalid hostname') ? `invalid hostname: ${host}` : error
}

/** What is a host name at the first look: labels of letters, digits and inner dashes, the last with a letter. */
const PLAIN_NAME = /^(?:[a-z0-9](?:-?[a-z0-9])*\.)*[a-z](?:-?[a-z0-9])*$/

/** Why a text is no server name. */
export function checkSni(name: string): string | undefined {
  const address = parseAddress(name)
  if (address.kind === 'invalid') {
    return address.error === 'invalid port number'
      ? 'must not have a port'
      : `invalid value: ${name}`
  }
  if (address.kind !== 'name') return 'must not be an IP'
  return address.port === undefined ? undefined : 'must not have a port'
}

/** Why a text is no server name that may have one wildcard, at either end. */
export function checkWildcardSni(name: string): string | undefined {
  const first = name.indexOf('*')
  if (first < 0) return checkSni(name)
  // Kong: the first one's place is looked at before others are.
  if (first !== 0 && first !== name.length - 1) {
    return 'wildcard must be leftmost or rightmost character'
  }
  if (first !== name.lastIndexOf('*')) return 'only one wildcard must be specified'
  return checkSni(name.replace('*', 'wildcard'))
}

/** Why a text is no path of a service or probe; it starts with `/` already. */
export function checkPath(path: string): string | undefined {
  return isPlainPath(path)
    ? checkEscapes(path)
    : `invalid path: '${path}' (characters outside of the reserved list of RFC 3986 found)`
}

/** Whether a path has only the characters that RFC 3986 gives one. */
export function isPlainPath(path: string): boolean {
  return /^\/[\w\-.~!$&'()*+,;=:@%/]*$/.test(path)
}

/** Why the escapes of a path are none; Kong looks for those that are left when the good ones are gone. */
export function checkEscapes(path: string): string | undefined {
  const bad = /%.{0,2}/.exec(path.replace(/%[0-9a-f]{2}/gi, '___'))?.[0]
  return bad === undefined ? undefined : `invalid url-encoded value: '${bad}'`
}

/** Why a text is no name of a header. */
export function checkHeaderName(name: string): string | undefined {
  if (/^[\w-]+$/.test(name)) return undefined
  return `bad header name '${name}', allowed characters are A-Z, a-z, 0-9, '_', and '-'`
}

/** Why a text is no name of a cookie: an HTTP token. */
export function checkCookieName(name: string): string | undefined {
  if (/^[\w!#$%&'*+\-.^`|~]+$/.test(name)) return undefined
  return (
    'contains one or more invalid characters. ASCII control characters (0-31;127), space, ' +
    'tab and the characters ()<>@,;:\\"/?={}[] are not allowed.'
  )
}

/** Why a text is neither an address nor a range of them; with leading zeros it might be octal. */
export function checkIpOrRange(text: string): string | undefined {
  const isOne = parseIpRange(text) !== undefined && !LEADING_ZERO.test(text)
  return isOne ? undefined : `invalid ip or cidr range: '${text}'`
}

/** A zero before another digit in an octet, or in the length of a prefix; groups of IPv6 may. */
const LEADING_ZERO = /(?:^|[.:])0\d+\.|\.0\d|\/0\d/

/** Where half of a surrogate pair stands alone, which UTF-8 cannot write; -1 for nowhere. */
function brokenAt(text: string): number {
  return text.search(/\p{Surrogate}/u)
}
