import { isUuid } from '../lib/uuid.ts'
import type { Entity, Row } from '../schema/entity.ts'
import { checkEndpointKey } from '../schema/validate.ts'
import type { Draft } from '../store/draft.ts'
import type { Reads } from '../store/reads.ts'
import { itemReply, judge, readReply } from './conditions.ts'
import { inputOf, list } from './crud.ts'
import type { Desk } from './desk.ts'
import type { Members } from './form.ts'
import { absent, forced, foreignIdOf, type Key } from './lookup.ts'
import { linkResources } from './nested.ts'
import { message, NO_CONTENT, NOT_FOUND, type Reply } from './reply.ts'
import type { Call, Handler, Resource } from './resource.ts'
import { checkNames, namesIn, replaceNames, snisOf, withNames, wrapName } from './sni-names.ts'

/** The two tables of the certificates' pages. */
export interface CertificateTables {
  readonly certificate: Entity
  readonly sni: Entity
}

const COLLECTION = '/certificates'
const SNI_NOT_FOUND = message(404, 'SNI not found')

/** Certificates are shown with the names of their SNIs, and found by them (admin-api §4.4). */
export function certificateResources(tables: CertificateTables, desk: Desk): Resource[] {
  const { certificate, sni } = tables
  const { store, batch } = desk
  const links = linkResources({ child: sni, field: 'certificate', parent: certificate }, desk)
  return [
    {
      pattern: COLLECTION,
      handlers: {
        GET: (call) => list(certificate, store, call, (row) => withNames(store, row)),
        POST: (call) => batch(call, (draft) => create(draft, tables, call)),
      },
    },
    { pattern: `${COLLECTION}/{certificates}`, handlers: itemHandlers(tables, desk) },
    ...links.map((link) =>
      link.pattern.startsWith(COLLECTION)
        ? byName(link, store)
        : // Kong: the certificate of an SNI is not to be had this way.
          { ...link, disabled: true },
    ),
  ]
}

async function create(draft: Draft, { certificate, sni }: CertificateTables, call: Call) {
  const input = inputOf(call.payload, certificate)
  const names = namesIn(input) ?? []
  checkNames(draft, sni, { names })
  const row = await draft.insert(certificate.name, input)
  await replaceNames(draft, row.id, names)
  return itemReply(withNames(draft, row), 201)
}

function itemHandlers(tables: CertificateTables, desk: Desk): Resource['handlers'] {
  const { store, batch } = desk
  return {
    GET(call) {
      const place = placeIn(store, call)
      return place.row === undefined ? missing(place) : readReply(call, withNames(store, place.row))
    },
    PUT: (call) => batch(call, (draft) => replace(draft, { ...tables, call, newId: desk.newId })),
    PATCH: (call) => batch(call, (draft) => change(draft, tables, call)),
    DELETE: (call) => batch(call, (draft) => remove(draft, tables, call), nameIn(store, call)),
  }
}

/** Kong: the names of a certificate go first, each by its name, and are the first to be refused. */
function nameIn(rows: Reads, call: Call): Key | undefined {
  const { row } = placeIn(rows, call)
  const [first] = row === undefined ? [] : snisOf(rows, row.id)
  return first && { field: 'name', value: String(first.name) }
}

/** What the path names: an id, or a name; with the certificate it leads to. */
interface Place {
  readonly id?: string
  readonly name?: string
  readonly row: Row | undefined
}

function placeIn(rows: Reads, call: Call): Place {
  const segment = call.param('certificates')
  if (isUuid(segment)) return { id: segment, row: rows.get('certificates', segment) }
  const sni = rows.getBy('snis', 'name', segment)
  const id = sni === undefined ? undefined : foreignIdOf(sni, 'certificate')
  return { name: segment, row: id === undefined ? undefined : rows.get('certificates', id) }
}

function missing({ id }: Place): Reply {
  if (id === undefined) return SNI_NOT_FOUND
  throw absent({ field: 'id', value: id })
}

interface Replacing extends CertificateTables {
  readonly call: Call
  newId(): string
}

async function replace(draft: Draft, { call, newId, ...tables }: Replacing): Promise<Reply> {
  const { id, name, row } = placeIn(draft, call)
  if (name !== undefined) checkEndpointKey(tables.sni, name)
  judge(call, row && withNames(draft, row))
  const input = wrapName(inputOf(call.payload, tables.certificate))
  const made = await putCertificate(draft, tables, {
    id: row?.id ?? id?.toLowerCase() ?? newId(),
    input: name === undefined ? input : withName(input, name),
  })
  return itemReply(made)
}

/** Kong: the name in the path is one of a list that is sent; without a list there are no names. */
function withName(input: Members, name: string): Members {
  const names = Array.isArray(input.snis) ? namesIn(input) : undefined
  if (names === undefined || names.includes(name)) return input
  return { ...input, snis: [...names, name] }
}

/** Makes a certificate or replaces it whole; names that are not sent are taken away. */
export async function putCertificate(
  draft: Draft,
  { certificate, sni }: CertificateTables,
  { id, input }: { readonly id: string; readonly input: Members },
): Promise<Row> {
  const wrapped = wrapName(input)
  const names = namesIn(wrapped) ?? []
  checkNames(draft, sni, { names, id })
  const row = await draft.upsert(certificate.name, id, forced(wrapped, { id }))
  await replaceNames(draft, row.id, names)
  return withNames(draft, row)
}

async function change(draft: Draft, { certificate, sni }: CertificateTables, call: Call) {
  const place = placeIn(draft, call)
  if (place.row === undefined) return missing(place)
  const { id } = place.row
  judge(call, withNames(draft, place.row))
  const input = wrapName(inputOf(call.payload, certificate, place.row))
  const names = namesIn(input)
  checkNames(draft, sni, { names: names ?? [], id })
  const row = await draft.update(certificate.name, id, forced(input, {}))
  if (names !== undefined) await replaceNames(draft, id, names)
  return itemReply(withNames(draft, row))
}

async function remove(draft: Draft, { certificate, sni }: CertificateTables, call: Call) {
  const place = placeIn(draft, call)
  if (place.row === undefined && place.name !== undefined) return SNI_NOT_FOUND
  judge(call, place.row && withNames(draft, place.row))
  if (place.row === undefined) return NO_CONTENT
  for (const { id } of snisOf(draft, place.row.id)) await draft.remove(sni.name, id)
  await draft.remove(certificate.name, place.row.id)
  return NO_CONTENT
}

/** A resource below a certificate, reached by one of its names too. */
function byName(resource: Resource, store: Reads): Resource {
  const found = (verb: string, handler: Handler): Handler => {
    return (call) => {
      const { id, row } = placeIn(store, call)
      if (id !== undefined) return handler(call)
      // Kong: to a PUT an unknown name is that of a certificate to come, which is not there yet.
      if (row === undefined) return verb === 'PUT' ? NOT_FOUND : SNI_NOT_FOUND
      const param = (name: string) => (name === 'certificates' ? row.id : call.param(name))
      return handler({ ...call, param })
    }
  }
  const handlers = Object.entries(resource.handlers).map(([verb, handler]) => [
    verb,
    found(verb, handler),
  ])
  return { ...resource, handlers: Object.fromEntries(handlers) }
}
