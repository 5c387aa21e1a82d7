import type { Row } from '../schema/entity.ts'
import type { Draft } from '../store/draft.ts'
import type { CertificateTables } from './certificates.ts'
import { itemReply, judge } from './conditions.ts'
import { inputOf } from './crud.ts'
import type { Desk } from './desk.ts'
import type { Members } from './form.ts'
import { forced, locate } from './lookup.ts'
import type { Link } from './nested.ts'
import { parentHandlers, parentOf } from './parent.ts'
import { NOT_FOUND, type Reply } from './reply.ts'
import type { Call, Resource } from './resource.ts'
import { checkNames, namesIn, replaceNames, withNames } from './sni-names.ts'

/**
 * A certificate by the service or upstream that shows it. Kong: names that are sent are taken as on
 * its own page, but what names nothing leaves them as they are, and a read does not tell them.
 */
export function certificateOfOwner(
  link: Link,
  tables: CertificateTables,
  desk: Desk,
): Resource['handlers'] {
  const through = (change: typeof put) => (call: Call) =>
    desk.batch(call, async (draft) => {
      const owner = locate(draft, link.child, call.param(link.child.name))
      return owner === undefined
        ? NOT_FOUND
        : change(draft, { link, tables, call, owner, newId: desk.newId })
    })
  return { ...parentHandlers(link, desk), PUT: through(put), PATCH: through(patch) }
}

interface Writing {
  readonly link: Link
  readonly tables: CertificateTables
  readonly call: Call
  readonly owner: Row
  newId(): string
}

async function put(draft: Draft, { link, tables, call, owner, newId }: Writing): Promise<Reply> {
  const current = parentOf(link, draft, owner)
  const id = current?.id ?? newId()
  judge(call, current)
  const input = inputOf(call.payload, tables.certificate)
  const reply = await withSent(draft, { tables, id, input }, (members) =>
    draft.upsert(tables.certificate.name, id, forced(members, { id })),
  )
  if (current === undefined) {
    await draft.update(link.child.name, owner.id, { [link.field]: { id } })
  }
  return reply
}

async function patch(draft: Draft, { link, tables, call, owner }: Writing): Promise<Reply> {
  const current = parentOf(link, draft, owner)
  if (current === undefined) return NOT_FOUND
  const { id } = current
  judge(call, current)
  const input = inputOf(call.payload, tables.certificate, current)
  return withSent(draft, { tables, id, input }, (members) =>
    draft.update(tables.certificate.name, id, forced(members, {})),
  )
}

interface Sent {
  readonly tables: CertificateTables
  readonly id: string
  readonly input: Members
}

/** Writes the certificate, and then the names that were sent. Kong: a lone text is no list here. */
async function withSent(
  draft: Draft,
  { tables, id, input }: Sent,
  write: (members: Members) => Promise<Row>,
): Promise<Reply> {
  const names = namesIn(input)
  checkNames(draft, tables.sni, { names: names ?? [], id })
  const { snis, ...members } = input
  const row = await write(typeof snis === 'string' ? members : input)
  if (names !== undefined) await replaceNames(draft, id, names)
  return { ...itemReply(row), body: withNames(draft, row) }
}
