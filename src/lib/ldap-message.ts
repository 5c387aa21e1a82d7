import { writeValue } from './der.ts'

/** What a server says of a bind. */
export interface LdapResult {
  readonly id: number
  /** The tag of what it answers. */
  readonly tag: number
  /** 0 for success; RFC 4511, appendix A. */
  readonly code: number
  /** For people. */
  readonly diagnostic: string
}

/** What came of looking for a message: one with its length, more bytes needed, or no such thing. */
export type LdapReading =
  | { readonly result: LdapResult; readonly length: number }
  | 'incomplete'
  | 'broken'

/** Codes that say that this name and password are no good. */
export const LDAP_CODE = {
  success: 0,
  noSuchObject: 32,
  invalidDnSyntax: 34,
  invalidCredentials: 49,
}

/** Tags of BER, and of LDAP's messages. */
const TAG = { integer: 0x02, octets: 0x04, enumerated: 0x0a, sequence: 0x30 }
const SIMPLE_PASSWORD = 0x80
const BIND_REQUEST = 0x60

/** The tag of the answer to a bind. */
export const BIND_RESPONSE = 0x61

const EXTENDED_REQUEST = 0x77
const REQUEST_NAME = 0x80

/** The tag of the answer to a wish to speak TLS. */
export const EXTENDED_RESPONSE = 0x78

/** RFC 4511, 4.14: the name of StartTLS. */
const START_TLS = '1.3.6.1.4.1.1466.20037'

/** More than any answer to a bind has. */
const LONGEST = 64 * 1024

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Asks to be somebody: LDAP version 3, name and password. */
export function bindRequest(id: number, name: string, password: Uint8Array): Uint8Array {
  const version = Uint8Array.of(TAG.integer, 1, 3)
  const asked = writeValue(
    BIND_REQUEST,
    version,
    writeValue(TAG.octets, encoder.encode(name)),
    writeValue(SIMPLE_PASSWORD, password),
  )
  return writeValue(TAG.sequence, writeValue(TAG.integer, Uint8Array.of(id & 0x7f)), asked)
}

/** Asks to go on in TLS. */
export function startTlsRequest(id: number): Uint8Array {
  const asked = writeValue(EXTENDED_REQUEST, writeValue(REQUEST_NAME, encoder.encode(START_TLS)))
  return writeValue(TAG.sequence, writeValue(TAG.integer, Uint8Array.of(id & 0x7f)), asked)
}

/** Reads the first message of what came: its id, and the result in it. */
export function readLdapResult(bytes: Uint8Array): LdapReading {
  if (bytes.length > 0 && bytes[0] !== TAG.sequence) return 'broken'
  const message = readBer(bytes, 0)
  if (typeof message === 'string') return message
  const [id, answer] = valuesIn(message.content, 2)
  const [code, , diagnostic] = answer === undefined ? [] : valuesIn(answer.content, 3)
  if (id?.tag !== TAG.integer || answer === undefined) return 'broken'
  if (code?.tag !== TAG.enumerated || diagnostic?.tag !== TAG.octets) return 'broken'
  const result = {
    id: numberOf(id.content),
    tag: answer.tag,
    code: numberOf(code.content),
    diagnostic: decoder.decode(diagnostic.content),
  }
  return { result, length: message.end }
}

interface BerValue {
  readonly tag: number
  readonly content: Uint8Array
  readonly end: number
}

/** Unlike DER, a length may be written with more bytes than it needs; some servers do. */
function readBer(bytes: Uint8Array, at: number): BerValue | 'incomplete' | 'broken' {
  const [tag, first] = [bytes[at], bytes[at + 1]]
  if (tag === undefined || first === undefined) return 'incomplete'
  let start = at + 2
  let length = first
  if (first >= 0x80) {
    const count = first & 0x7f
    // No length beforehand, which LDAP forbids, or one beyond reason.
    if (count === 0 || count > 4) return 'broken'
    start += count
    if (bytes.length < start) return 'incomplete'
    length = numberOf(bytes.subarray(at + 2, start))
  }
  if (length > LONGEST) return 'broken'
  const end = start + length
  return bytes.length < end ? 'incomplete' : { tag, content: bytes.subarray(start, end), end }
}

function valuesIn(bytes: Uint8Array, most: number): BerValue[] {
  const values: BerValue[] = []
  let at = 0
  while (values.length < most) {
    const value = readBer(bytes, at)
    if (typeof value === 'string') return values
    values.push(value)
    at = value.end
  }
  return values
}

function numberOf(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0)
}
