import { NO_SECRETS, type Secrets } from '../pdk/secrets.ts'
import type { CertificateSource, ServerCertificate } from '../ports/server.ts'
import type { Row } from '../schema/entity.ts'
import type { EntityStore } from '../store/entity-store.ts'
import { type SniTable, type StoredCertificate, type StoredSni, sniTable } from './sni-table.ts'

interface SourceOptions {
  readonly secrets?: Secrets
  /** Told the names that are asked for and have no certificate. */
  readonly missing?: (serverName: string) => void
  /** Asked whether a handshake goes on. */
  readonly admit?: Required<CertificateSource>['admit']
}

/**
 * The stored certificates, as they are at each handshake; `fallback` for names that have none. A
 * change only marks the table, and the next handshake makes it anew.
 */
export function createCertificateSource(
  store: EntityStore,
  fallback: ServerCertificate | undefined,
  { secrets = NO_SECRETS, missing, admit }: SourceOptions = {},
): CertificateSource {
  let known = new WeakMap<Row, StoredCertificate>()
  let table: SniTable | undefined
  store.subscribe((changes) => {
    if (changes.some(({ entity }) => SHOWN.has(entity))) table = undefined
    // Another vault, other secrets.
    if (changes.some(({ entity }) => entity === 'vaults')) known = new WeakMap()
  })

  return {
    ...(admit === undefined ? {} : { admit }),
    certificateFor(serverName) {
      // Deno asks for the empty name where the client names nobody.
      if (serverName === undefined || serverName === '') return fallback
      table ??= sniTable(
        store.all('certificates').map((row) => certificateOf(row, known, secrets)),
        store.all('snis').map(sniOf),
      )
      const found = table(serverName)
      if (found === undefined) missing?.(serverName)
      return found ?? fallback
    },
  }
}

const SHOWN = new Set(['certificates', 'snis', 'vaults'])

/** The same object as long as the row is the same. */
function certificateOf(
  row: Row,
  known: WeakMap<Row, StoredCertificate>,
  secrets: Secrets,
): StoredCertificate {
  const found = known.get(row)
  if (found !== undefined) return found
  // A second pair nobody found is as good as none.
  const textOf = (value: unknown): string | undefined =>
    typeof value === 'string' ? secrets.textOf(value) || undefined : undefined
  const made = {
    id: row.id,
    cert: textOf(row.cert) ?? '',
    key: textOf(row.key) ?? '',
    cert_alt: textOf(row.cert_alt),
    key_alt: textOf(row.key_alt),
  }
  known.set(row, made)
  return made
}

function sniOf({ name, certificate }: Row): StoredSni {
  const id = typeof certificate === 'object' && certificate !== null && 'id' in certificate
  return { name: String(name), certificate: { id: id ? String(certificate.id) : '' } }
}
