import { decodeBase64 } from '../../lib/base64.ts'
import { fromByteString } from '../../lib/byte-string.ts'
import type { ClientSide } from '../../pdk/exchange.ts'
import { namedHeaders } from '../../pdk/named-header.ts'

/** What a client says of its signature. */
export interface HmacSignature {
  readonly username: string
  readonly algorithm: string
  /** What it is over, in order: headers and parts of the request. */
  readonly names: readonly string[]
  readonly signature: Uint8Array<ArrayBuffer>
}

// Kong finds it anywhere in the header; clients that put the whole in quotation marks count on that.
const HEADER =
  /^\s*"?[Hh]mac\s*username="([^"]+)",\s*algorithm="([^"]+)",\s*headers="([^"]+)",\s*signature="([^"]+)"/

/** Reads `hmac username="…", algorithm="…", headers="…", signature="…"`. */
export function readSignature(header: string | undefined): HmacSignature | undefined {
  const match = header === undefined ? null : HEADER.exec(header)
  if (match === null) return undefined
  const [, username = '', algorithm = '', names = '', signature = ''] = match
  return {
    username: fromByteString(username),
    algorithm,
    names: names.split(' '),
    // No bytes are nobody's signature.
    signature: decodeBase64(signature) ?? new Uint8Array(),
  }
}

/** The text that is signed, one char per byte. */
export function signedText(names: readonly string[], request: ClientSide): string {
  return names.map((name) => signedLine(name, request)).join('\n')
}

function signedLine(name: string, request: ClientSide): string {
  const values = namedHeaders(request.headers, name)
  // Every value counts: one that was added on the way breaks the signature.
  if (values.length > 0) return `${name}: ${values.join(', ')}`
  if (name === '@request-target') {
    return `${name}: ${request.method.toLowerCase()} ${request.rawTarget}`
  }
  if (name === 'request-line') {
    return `${request.method} ${request.rawTarget} HTTP/${VERSIONS[request.httpVersion]}`
  }
  return `${name}:`
}

const VERSIONS = { '1.0': '1.0', '1.1': '1.1', '2': '2.0' } as const
