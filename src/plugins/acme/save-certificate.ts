import type { AdminKit } from '../../pdk/admin-route.ts'
import type { Row } from '../../schema/entity.ts'
import { getOwn, isObject } from '../../schema/field.ts'

/** A certificate for a host, in PEM form. */
export interface HostCertificate {
  readonly host: string
  readonly cert: string
  readonly key: string
}

const TAGS = ['managed-by-acme']

/** Makes a certificate the one that is shown for a host; what we got for it before goes. */
export async function saveCertificate(
  { entities }: Pick<AdminKit, 'entities'>,
  { host, cert, key }: HostCertificate,
): Promise<void> {
  const made = await entities.insert('certificates', { cert, key, tags: TAGS })
  const certificate = { id: made.id }
  const before = entities.getBy('snis', 'name', host)
  try {
    if (before === undefined) {
      await entities.insert('snis', { name: host, certificate, tags: TAGS })
    } else {
      await entities.update('snis', before.id, { certificate, tags: TAGS })
    }
  } catch (error) {
    await entities.remove('certificates', made.id)
    throw error
  }
  const old = before && certificateOf(entities, before)
  // One that others show too, or that an operator brought, is not ours to remove.
  if (old === undefined || !isOurs(old)) return
  if (entities.children('snis', 'certificate', old.id).length > 0) return
  await entities.remove('certificates', old.id)
}

/** The certificate that is shown for a host by its very name. */
export function savedCertificate(
  { entities }: Pick<AdminKit, 'entities'>,
  host: string,
): HostCertificate | undefined {
  const sni = entities.getBy('snis', 'name', host)
  const row = sni && certificateOf(entities, sni)
  return row && { host, cert: String(row.cert), key: String(row.key) }
}

/** The hosts whose certificates we got. */
export function ourHosts({ entities }: Pick<AdminKit, 'entities'>): string[] {
  return entities
    .all('snis')
    .filter(isOurs)
    .map(({ name }) => String(name))
}

function certificateOf(entities: AdminKit['entities'], { certificate }: Row): Row | undefined {
  const id = isObject(certificate) ? getOwn(certificate, 'id') : undefined
  return typeof id === 'string' ? entities.get('certificates', id) : undefined
}

function isOurs({ tags }: Row): boolean {
  return Array.isArray(tags) && TAGS.every((tag) => tags.includes(tag))
}
