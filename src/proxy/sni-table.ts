import type { ServerCertificate } from '../ports/server.ts'

/** A certificate as it is stored, as far as a handshake needs it. */
export interface StoredCertificate extends ServerCertificate {
  readonly id: string
}

/** A server name as it is stored. */
export interface StoredSni {
  readonly name: string
  readonly certificate: { readonly id: string }
}

/** Finds the certificate to show to a client that names this server. */
export type SniTable = (serverName: string) => StoredCertificate | undefined

/** What stands for every name. Kong: a client that names none is not shown it. */
const ANY = '*'

/**
 * Kong's order: the name itself, its first label replaced by `*`, its last one, then `*`. A wildcard
 * stands for one label, so `*.example.com` is not shown for `a.b.example.com`.
 */
export function sniTable(
  certificates: Iterable<StoredCertificate>,
  snis: Iterable<StoredSni>,
): SniTable {
  const byId = new Map(Array.from(certificates, (certificate) => [certificate.id, certificate]))
  const byName = new Map<string, StoredCertificate>()
  for (const { name, certificate } of snis) {
    const found = byId.get(certificate.id)
    if (found !== undefined) byName.set(name.toLowerCase(), found)
  }
  const fallback = byName.get(ANY)
  if (byName.size === 0) return () => undefined

  return (serverName) => {
    const name = withoutDot(serverName.toLowerCase())
    return byName.get(name) ?? wildcard(byName, name) ?? fallback
  }
}

function wildcard(
  byName: ReadonlyMap<string, StoredCertificate>,
  name: string,
): StoredCertificate | undefined {
  const first = name.indexOf('.')
  const last = name.lastIndexOf('.')
  if (first <= 0) return undefined
  // Kong: below a top-level name nothing is wild on the left.
  const left = first === last ? undefined : byName.get(`*${name.slice(first)}`)
  return left ?? byName.get(`${name.slice(0, last + 1)}*`)
}

/** A fully qualified name may end with a dot. */
function withoutDot(name: string): string {
  return name.endsWith('.') ? name.slice(0, -1) : name
}
