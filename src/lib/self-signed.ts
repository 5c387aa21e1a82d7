import { TAG, writeValue } from './der.ts'
import { ecdsaSignature, integer, oid, sequence } from './der-values.ts'
import { writePem } from './pem.ts'

/** A certificate that vouches for itself, with its key, as PEM texts. */
export interface SelfSigned {
  readonly cert: string
  readonly key: string
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const YEARS = 20

/** ecdsa-with-SHA256, commonName, basicConstraints, subjectAltName, as the bytes of their numbers. */
const ECDSA_SHA256 = oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02)
const COMMON_NAME = oid(0x55, 0x04, 0x03)
const BASIC_CONSTRAINTS = oid(0x55, 0x1d, 0x13)
const SUBJECT_ALT_NAME = oid(0x55, 0x1d, 0x11)

const UTF8_STRING = 0x0c
const DNS_NAME = 0x82
const VERSION = 0xa0
const EXTENSIONS = 0xa3

/** Makes one for a host, good for twenty years: what a listener shows when it was given none. */
export async function makeSelfSigned(host: string, now: number): Promise<SelfSigned> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const [spki, pkcs8] = await Promise.all([
    crypto.subtle.exportKey('spki', keys.publicKey),
    crypto.subtle.exportKey('pkcs8', keys.privateKey),
  ])
  const body = bodyOf(host, now, new Uint8Array(spki))
  const signed = await crypto.subtle.sign(ALGORITHM, keys.privateKey, body.slice())
  const cert = sequence(body, sequence(ECDSA_SHA256), bits(ecdsaSignature(new Uint8Array(signed))))
  return {
    cert: writePem('CERTIFICATE', cert),
    key: writePem('PRIVATE KEY', new Uint8Array(pkcs8)),
  }
}

function bodyOf(host: string, now: number, spki: Uint8Array): Uint8Array {
  const name = sequence(set(sequence(COMMON_NAME, text(UTF8_STRING, host))))
  const altName = sequence(text(DNS_NAME, host))
  const constraints = sequence(writeValue(TAG.boolean, Uint8Array.of(0xff)))
  const extensions = sequence(
    sequence(BASIC_CONSTRAINTS, octets(constraints)),
    sequence(SUBJECT_ALT_NAME, octets(altName)),
  )
  return sequence(
    writeValue(VERSION, integer(Uint8Array.of(2))),
    integer(crypto.getRandomValues(new Uint8Array(16))),
    sequence(ECDSA_SHA256),
    name,
    validity(now),
    name,
    spki,
    writeValue(EXTENSIONS, extensions),
  )
}

/** X.509 writes years up to 2049 with two digits; with four all are read. */
function validity(now: number): Uint8Array {
  // A day earlier: the clock of whoever looks at it may be behind ours.
  const from = new Date(now - 24 * 60 * 60 * 1000)
  const to = new Date(from)
  to.setUTCFullYear(from.getUTCFullYear() + YEARS)
  return sequence(time(from), time(to))
}

function time(at: Date): Uint8Array {
  const digits = at.toISOString().replace(/\.\d+|[-T:]/g, '')
  return at.getUTCFullYear() < 2050
    ? text(TAG.utcTime, digits.slice(2))
    : text(TAG.generalizedTime, digits)
}

function set(part: Uint8Array): Uint8Array {
  return writeValue(0x31, part)
}

function octets(part: Uint8Array): Uint8Array {
  return writeValue(TAG.octetString, part)
}

function bits(part: Uint8Array): Uint8Array {
  return writeValue(TAG.bitString, Uint8Array.of(0), part)
}

function text(tag: number, value: string): Uint8Array {
  return writeValue(tag, new TextEncoder().encode(value))
}
