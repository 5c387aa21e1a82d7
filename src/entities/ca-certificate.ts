import { toHex } from '../lib/hex.ts'
import { readCertificate } from '../lib/x509.ts'
import { defineEntity, type Input, type Row } from '../schema/entity.ts'
import { autoTimestamp, id, tags } from './fields.ts'
import { checkCertificate } from './key-pair.ts'

const BEGIN = '-----BEGIN CERTIFICATE-----'

/** An authority whose signature is trusted. */
export const caCertificate = defineEntity({
  name: 'ca_certificates',
  fields: {
    id,
    created_at: autoTimestamp,
    updated_at: autoTimestamp,
    cert: { type: 'string', required: true, check: checkCertificate },
    cert_digest: { type: 'string', unique: true },
    tags,
  },
  entityChecks: [{ custom_entity_check: { field_sources: ['cert'], check: checkAuthority } }],
  listedBy: [{ entity: 'services', field: 'ca_certificates' }],
  // Kong: a digest that was sent stays only where no certificate was.
  finish: async (row, { mode, sent }) =>
    mode === 'update' && sent.cert === undefined ? row : withDigest(row),
})

/** A row's `updated_at` is the moment of the very write that is checked. */
function checkAuthority({ cert, updated_at: now }: Input): string | undefined {
  if (typeof cert !== 'string') return undefined
  if (cert.indexOf(BEGIN) !== cert.lastIndexOf(BEGIN)) {
    return 'please submit only one certificate at a time'
  }

  const certificate = readCertificate(cert)
  if ('error' in certificate) return undefined
  if (certificate.notAfter < Number(now) * 1000) {
    return 'certificate expired, "Not After" time is in the past'
  }
  return certificate.ca
    ? undefined
    : 'certificate does not appear to be a CA because it is missing the "CA" basic constraint'
}

async function withDigest(row: Row): Promise<Row> {
  const certificate = readCertificate(String(row.cert))
  if ('error' in certificate) return row
  const digest = await crypto.subtle.digest('SHA-256', certificate.der.slice())
  return { ...row, cert_digest: toHex(new Uint8Array(digest)) }
}
