import type { CertificateSource, ServerCertificate } from '../ports/server.ts'
import type { Row } from '../schema/entity.ts'
import type { EntityStore } from '../store/entity-store.ts'
import { type SniTable, type StoredCertificate, type StoredSni, sniTable } from './sni-table.ts'

/**
 * The stored certificates, as they are at each handshake; `fallback` for names that have none. A
 * change only marks the table, and the next handshake makes it anew.
 */
export function createCertificateSource(
  store: EntityStore,
  fallback: ServerCertificate | undefined,
): CertificateSource {
  const known = new WeakMap<Row, StoredCertificate>()
  let table: SniTable | undefined
  store.subscribe((changes) => {
    if (changes.some(({ entity }) => entity === 'certificates' || entity === 'snis')) {
      table = undefined
    }
  })

  return {
    certificateFor(serverName) {
      table ??= sniTable(
        store.all('certificates').map((row) => certificateOf(known, row)),
        store.all('snis').map(sniOf),
      )
      return table(serverName) ?? fallback
    },
  }
}

/** The same object as long as the row is the same. */
function certificateOf(known: WeakMap<Row, StoredCertificate>, row: Row): StoredCertificate {
  const found = known.get(row)
  if (found !== undefined) return found
  const made = {
    id: row.id,
    cert: String(row.cert),
    key: String(row.key),
    cert_alt: textOf(row.cert_alt),
    key_alt: textOf(row.key_alt),
  }
  known.set(row, made)
  return made
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function sniOf({ name, certificate }: Row): StoredSni {
  const id = typeof certificate === 'object' && certificate !== null && 'id' in certificate
  return { name: String(name), certificate: { id: id ? String(certificate.id) : '' } }
}
