import { NO_SECRETS, type Secrets } from '../pdk/secrets.ts'
import type { ClientCertificate } from '../ports/transport.ts'
import type { Row } from '../schema/entity.ts'
import type { EntityStore } from '../store/entity-store.ts'

/** What upstreams are shown, and by whom they are vouched for. */
export interface Credentials {
  /** A certificate of ours; the same object as long as the certificate is the same. */
  certificate(id: string): ClientCertificate | undefined
  /** An authority's PEM text. */
  authority(id: string): string | undefined
}

/** Finds them among what is stored now. */
export function createCredentials(store: EntityStore, secrets: Secrets = NO_SECRETS): Credentials {
  let known = new WeakMap<Row, ClientCertificate>()
  store.subscribe((changes) => {
    // Another vault, other secrets.
    if (changes.some(({ entity }) => entity === 'vaults')) known = new WeakMap()
  })

  return {
    certificate(id) {
      const row = store.get('certificates', id)
      if (row === undefined) return undefined
      const found = known.get(row)
      if (found !== undefined) return found
      const [cert, key] = [row.cert, row.key].map((text) => secrets.textOf(String(text)))
      const made = { id, cert: cert ?? '', key: key ?? '' }
      known.set(row, made)
      return made
    },
    authority(id) {
      const row = store.get('ca_certificates', id)
      return row === undefined ? undefined : String(row.cert)
    },
  }
}
