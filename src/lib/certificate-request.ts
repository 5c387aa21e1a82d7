import { TAG, writeValue } from './der.ts'
import { ecdsaSignature, oid, sequence } from './der-values.ts'
import { parseIp } from './ip.ts'
import type { SigningKey } from './signing-key.ts'

const COMMON_NAME = oid(0x55, 0x04, 0x03)
const SUBJECT_ALT_NAME = oid(0x55, 0x1d, 0x11)
const EXTENSION_REQUEST = oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x0e)
const ECDSA_SHA256 = oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02)
const RSA_SHA256 = oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b)
const NULL = writeValue(0x05)

const UTF8_STRING = 0x0c
const SET = 0x31
const ATTRIBUTES = 0xa0
const DNS_NAME = 0x82
const IP_ADDRESS = 0x87

/** X.520: a common name has no more; the host stands among the alternative names anyhow. */
const LONGEST_NAME = 64

/** Asks for a certificate of a host for a key (PKCS #10), in DER form. */
export async function makeCertificateRequest(host: string, key: SigningKey): Promise<Uint8Array> {
  const extension = sequence(SUBJECT_ALT_NAME, writeValue(TAG.octetString, sequence(nameOf(host))))
  const asked = sequence(EXTENSION_REQUEST, writeValue(SET, sequence(extension)))
  const version = writeValue(TAG.integer, Uint8Array.of(0))
  const body = sequence(version, subjectOf(host), key.spki, writeValue(ATTRIBUTES, asked))
  const signed = await key.sign(Uint8Array.from(body))
  const [algorithm, signature] =
    key.kind === 'EC'
      ? [sequence(ECDSA_SHA256), ecdsaSignature(signed)]
      : [sequence(RSA_SHA256, NULL), signed]
  return sequence(body, algorithm, writeValue(TAG.bitString, Uint8Array.of(0), signature))
}

function subjectOf(host: string): Uint8Array {
  if (host.length > LONGEST_NAME) return sequence()
  const text = writeValue(UTF8_STRING, new TextEncoder().encode(host))
  return sequence(writeValue(SET, sequence(COMMON_NAME, text)))
}

function nameOf(host: string): Uint8Array {
  const address = /^\d+\.\d+\.\d+\.\d+$/.test(host) ? parseIp(host) : undefined
  if (address === undefined) return writeValue(DNS_NAME, new TextEncoder().encode(host))
  return writeValue(IP_ADDRESS, Uint8Array.from(host.split('.').map(Number)))
}
