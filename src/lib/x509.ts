import { contentOf, type DerValue, readSequence, TAG } from './der.ts'
import { readPem } from './pem.ts'
import { type PublicKey, readPublicKey } from './public-key.ts'

/** What is read of an X.509 certificate; nothing in it is verified. */
export interface X509 {
  /** The whole of it, as digests are made of. */
  readonly der: Uint8Array
  readonly publicKey: PublicKey
  /** Milliseconds since 1970. */
  readonly notAfter: number
  /** Whether its basic constraints make it an authority's. */
  readonly ca: boolean
}

const BASIC_CONSTRAINTS = [0x55, 0x1d, 0x13]

/** Where optional members of a certificate stand. */
const VERSION = 0xa0
const EXTENSIONS = 0xa3

/** Reads the first certificate of a PEM text; answers why there is none. */
export function readCertificate(pem: string): X509 | { readonly error: string } {
  const block = readPem(pem).find(({ label }) => /^(?:X509 )?CERTIFICATE$/.test(label))
  if (block === undefined) return { error: 'no certificate in PEM form found' }
  return readX509(block.content) ?? { error: 'the PEM block does not hold an X.509 certificate' }
}

function readX509(der: Uint8Array): X509 | undefined {
  const [signed, algorithm, signature, ...rest] = readSequence(der) ?? []
  if (algorithm?.tag !== TAG.sequence || signature?.tag !== TAG.bitString || rest.length > 0) {
    return undefined
  }

  const members = readSequence(signed?.whole) ?? []
  if (members[0]?.tag === VERSION) members.shift()
  const [serial, inner, issuer, validity, subject, key, ...optional] = members
  const names = [inner, issuer, subject].every((value) => value?.tag === TAG.sequence)
  const publicKey = readPublicKey(key?.whole)
  const notAfter = readTime(readSequence(validity?.whole)?.[1])
  const ca = isAuthority(optional)
  if (serial?.tag !== TAG.integer || !names || ca === undefined) return undefined
  if (publicKey === undefined || notAfter === undefined) return undefined
  return { der, publicKey, notAfter, ca }
}

/** `YYMMDDhhmmssZ`, or the same with four digits of year. */
function readTime(value: DerValue | undefined): number | undefined {
  if (value?.tag !== TAG.utcTime && value?.tag !== TAG.generalizedTime) return undefined
  const text = new TextDecoder('latin1').decode(value.content)
  const [, year = '', ...parts] =
    /^(\d{2}|\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(?:\.\d+)?Z$/.exec(text) ?? []
  if (year.length !== (value.tag === TAG.utcTime ? 2 : 4)) return undefined

  const [month, day, hour, minute, second = '00'] = parts
  const time = Date.parse(`${fullYear(year)}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(time) ? undefined : time
}

/** X.509: two digits stand for 1950 to 2049. */
function fullYear(digits: string): string {
  if (digits.length === 4) return digits
  return `${Number(digits) >= 50 ? '19' : '20'}${digits}`
}

/** Undefined when the extensions cannot be read. */
function isAuthority(optional: readonly DerValue[]): boolean | undefined {
  const wrapped = optional.find(({ tag }) => tag === EXTENSIONS)
  if (wrapped === undefined) return false
  const extensions = readSequence(wrapped.content)?.map(({ whole }) => readSequence(whole))
  if (extensions === undefined) return undefined

  const constraints = extensions.find((extension) => isBasicConstraints(extension?.[0]))
  if (constraints === undefined) return extensions.includes(undefined) ? undefined : false
  // Between the name and the value there may be whether it is critical.
  const [first] = readSequence(contentOf(constraints.at(-1), TAG.octetString)) ?? []
  return first?.tag === TAG.boolean && first.content[0] !== 0
}

function isBasicConstraints(name: DerValue | undefined): boolean {
  const oid = contentOf(name, TAG.oid)
  return oid?.length === 3 && BASIC_CONSTRAINTS.every((byte, i) => oid[i] === byte)
}
