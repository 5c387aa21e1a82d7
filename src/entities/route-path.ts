import { checkPcreRegex } from '../lib/pcre/pcre-regex.ts'
import { checkEscapes, isPlainPath } from './texts.ts'

/** Characters whose escapes say something else than the characters themselves. */
const RESERVED = new Set(Array.from("!*'();:@&=+$,/?%#[]", (char) => char.charCodeAt(0)))

/** Why a path of a route is refused; it starts with `/` or `~/` already. */
export function checkRoutePath(path: string): string | undefined {
  if (path.startsWith('~')) return checkRegexSyntax(path.slice(1))

  if (!DOUBTFUL.test(path)) return undefined
  const broken = isPlainPath(path) ? checkEscapes(path) : undefined
  if (broken !== undefined) return broken
  const normalized = normalizeRoutePath(path)
  if (path === normalized) return undefined
  return `non-normalized path, consider use '${normalized}' instead`
}

/** What normalising may change anything of: an escape, an empty segment, one that starts with a dot. */
const DOUBTFUL = /%|\/[./]|^(?!\/)/

/** The form requests' paths are brought into before they are compared with a route's. */
export function normalizeRoutePath(path: string): string {
  return removeDotSegments(path.replace(ESCAPES, decodeRun))
}

const ESCAPES = /(?:%[0-9a-f]{2})+/gi

/** A path as files before format 3.0 write it: what is no plain path is a regex unmarked. */
export function migrateRoutePath(path: string): string {
  if (/^[\w.\-~/%]*$/.test(path)) return path.startsWith('/') ? normalizeRoutePath(path) : path

  // Kong: what was escaped stands for itself in the regex too.
  const decoded = path.replace(ESCAPES, (run) => decodeRun(run).replace(/[.^\-{}\\|]/g, '\\$&'))
  return decoded.startsWith('~') ? decoded : `~${decoded}`
}

/** Decodes a run of escapes, whole so that letters of several bytes come out right. */
function decodeRun(run: string): string {
  const bytes = run
    .split('%')
    .slice(1)
    .map((hex) => Number.parseInt(hex, 16))
  let text = ''
  let plain: number[] = []
  const flush = (): void => {
    text += decodeBytes(plain)
    plain = []
  }
  for (const byte of bytes) {
    if (!RESERVED.has(byte)) {
      plain.push(byte)
      continue
    }
    flush()
    text += encodeByte(byte)
  }
  flush()
  return text
}

function decodeBytes(bytes: readonly number[]): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(new Uint8Array(bytes))
  } catch {
    return bytes
      .map((byte) => (byte < 0x80 ? String.fromCharCode(byte) : encodeByte(byte)))
      .join('')
  }
}

function encodeByte(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
}

function removeDotSegments(path: string): string {
  const kept: string[] = []
  const segments = path.split('/').slice(1)
  for (const [i, segment] of segments.entries()) {
    const last = i === segments.length - 1
    if (segment === '..') kept.pop()
    else if (segment !== '.' && (segment !== '' || last)) kept.push(segment)
    if (last && (segment === '.' || segment === '..')) kept.push('')
  }
  return `/${kept.join('/')}`
}

/** What is no PCRE is the field's fault; what the flavour's own dialect lacks is said of the whole. */
function checkRegexSyntax(source: string): string | undefined {
  const error = checkPcreRegex(source)
  return error === undefined ? undefined : `invalid regex: '${source}' (PCRE returned: ${error})`
}
