import { type DerValue, readSequence, readValues, TAG } from './der.ts'
import { toHex } from './hex.ts'
import { readPem } from './pem.ts'

/** Who a certificate is of and from, and since when; nothing in it is verified. */
export interface CertificateNames {
  readonly subject: string | undefined
  readonly issuer: string | undefined
  /** In upper-case hexadecimal. */
  readonly serial: string
  /** Milliseconds since 1970. */
  readonly notBefore: number | undefined
}

const COMMON_NAME = '550403'
const VERSION = 0xa0

/** Reads the first certificate of a PEM text; undefined when there is none. */
export function readCertificateNames(pem: string): CertificateNames | undefined {
  const block = readPem(pem).find(({ label }) => label.endsWith('CERTIFICATE'))
  return block && namesIn(block.content)
}

function namesIn(der: Uint8Array): CertificateNames | undefined {
  const members = readSequence(readSequence(der)?.[0]?.whole)
  if (members === undefined) return undefined
  const [serial, , issuer, validity, subject] =
    members[0]?.tag === VERSION ? members.slice(1) : members
  if (serial?.tag !== TAG.integer) return undefined
  return {
    subject: commonNameIn(subject),
    issuer: commonNameIn(issuer),
    serial: toHex(withoutSign(serial.content)).toUpperCase(),
    notBefore: timeOf(readSequence(validity?.whole)?.[0]),
  }
}

function withoutSign(bytes: Uint8Array): Uint8Array {
  return bytes.length > 1 && bytes[0] === 0 ? bytes.subarray(1) : bytes
}

/** A name is a list of sets of pairs. */
function commonNameIn(name: DerValue | undefined): string | undefined {
  for (const set of readSequence(name?.whole) ?? []) {
    for (const pair of readValues(set.content) ?? []) {
      const [oid, text] = readSequence(pair.whole) ?? []
      if (oid !== undefined && toHex(oid.content) === COMMON_NAME) {
        return new TextDecoder().decode(text?.content)
      }
    }
  }
  return undefined
}

/** X.509: two digits of a year stand for 1950 to 2049. */
function timeOf(value: DerValue | undefined): number | undefined {
  const text = new TextDecoder().decode(value?.content)
  const digits =
    value?.tag === TAG.utcTime ? `${Number(text.slice(0, 2)) >= 50 ? 19 : 20}${text}` : text
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(digits) ?? []
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(time) ? undefined : time
}
