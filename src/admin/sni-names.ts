import { isEmptyMap } from '../entities/certificate.ts'
import type { Entity, Row } from '../schema/entity.ts'
import { entityErrors } from '../schema/entity-error.ts'
import { checkEndpointKey } from '../schema/validate.ts'
import type { Draft } from '../store/draft.ts'
import type { Reads } from '../store/reads.ts'
import type { Members } from './form.ts'
import { foreignIdOf } from './lookup.ts'

/** A certificate as the Admin API shows it: with the names that lead to it, sorted. */
export function withNames(rows: Reads, row: Row): Row {
  return { ...row, snis: snisOf(rows, row.id).map(nameOf).sort() }
}

/** The SNIs of a certificate. */
export function snisOf(rows: Reads, id: string): readonly Row[] {
  return rows.children('snis', 'certificate', id)
}

function nameOf(row: Row): string {
  return String(row.name)
}

/** The names a request sends along; undefined when it does not, or when the schema is to refuse them. */
export function namesIn({ snis }: Members): readonly string[] | undefined {
  if (snis === null || isEmptyMap(snis)) return []
  if (!Array.isArray(snis)) return undefined
  const names = snis.filter((name) => typeof name === 'string')
  return names.length === snis.length ? names : undefined
}

/** Kong: a lone name counts as a list of one in a PUT and a PATCH, not in a POST. */
export function wrapName(input: Members): Members {
  return typeof input.snis === 'string' ? { ...input, snis: [input.snis] } : input
}

/** Throws when a name is given twice, is none, or leads to another certificate than `id`. */
export function checkNames(
  rows: Reads,
  sni: Entity,
  { names, id }: { readonly names: readonly string[]; readonly id?: string },
): void {
  for (const [at, name] of names.entries()) {
    if (names.indexOf(name) === at) continue
    throw entityErrors.schemaViolation({ snis: `${name} is duplicated` })
  }
  // Kong: in order, so that it is the first by name that is told of.
  for (const name of [...names].sort()) {
    checkEndpointKey(sni, name)
    const taken = rows.getBy('snis', 'name', name)
    const owner = taken === undefined ? undefined : foreignIdOf(taken, 'certificate')
    if (owner === undefined || owner === id) continue
    const text = `${name} already associated with existing certificate '${owner}'`
    throw entityErrors.schemaViolation({ snis: text })
  }
}

/** Makes these names all that lead to the certificate. */
export async function replaceNames(
  draft: Draft,
  id: string,
  names: readonly string[],
): Promise<void> {
  const current = snisOf(draft, id)
  for (const row of current) {
    if (!names.includes(nameOf(row))) await draft.remove('snis', row.id)
  }
  const known = new Set(current.map(nameOf))
  for (const name of names) {
    if (!known.has(name)) await draft.insert('snis', { name, certificate: { id } })
  }
}
