import { readCertificateNames } from '../../lib/certificate-names.ts'
import { toHex } from '../../lib/hex.ts'
import { sha1 } from '../../lib/sha1.ts'
import { readCertificate } from '../../lib/x509.ts'

/** A certificate as the Admin API tells of it. */
export interface CertificateSummary {
  readonly digest: string
  readonly host: string | undefined
  readonly issuer_cn: string | undefined
  readonly not_before: string
  readonly not_after: string
  readonly valid: boolean
  readonly serial_number: string
  readonly pubkey_type: string
}

const KINDS: Readonly<Record<string, string>> = { RSA: 'rsaEncryption', EC: 'id-ecPublicKey' }

/** Sums up the first certificate of a PEM text; undefined when there is none. */
export function summaryOf(pem: string, now: number): CertificateSummary | undefined {
  const [read, names] = [readCertificate(pem), readCertificateNames(pem)]
  if ('error' in read || names?.notBefore === undefined) return undefined
  return {
    digest: inPairs(toHex(sha1(read.der)).toUpperCase()),
    host: names.subject,
    issuer_cn: names.issuer,
    not_before: shown(names.notBefore),
    not_after: shown(read.notAfter),
    valid: names.notBefore < now && read.notAfter > now,
    serial_number: inPairs(names.serial),
    pubkey_type: KINDS[read.publicKey.kind] ?? read.publicKey.kind,
  }
}

function inPairs(hex: string): string {
  return (hex.match(/../g) ?? []).join(':')
}

function shown(time: number): string {
  return new Date(time).toISOString().slice(0, 19).replace('T', ' ')
}
