import { perObject } from '../lib/per-object.ts'
import { type Member, membersOf, passesMember } from './check-value.ts'
import type { Fields } from './field.ts'
import { blankOf } from './fill.ts'

type Members = Readonly<Record<string, unknown>>

/**
 * Whether nothing is wrong with a record that `fillIn` made of what was given: the quicker question,
 * as it asks only of what was given and of what does not stand as the schema fills it in.
 */
export function passes(
  fields: Fields,
  { given, filled }: { readonly given: Members; readonly filled: Members },
): boolean {
  const { byName, asked } = filledMembersOf(fields)
  for (const name in given) {
    const member = byName.get(name)
    if (member === undefined || !passesMember(member, filled[name])) return false
  }
  for (let i = 0; i < asked.length; i++) {
    const member = asked[i]
    if (member !== undefined && !passesMember(member, filled[member.name])) return false
  }
  return true
}

interface FilledMembers {
  readonly byName: ReadonlyMap<string, Member>
  /** Those to be asked of even where nobody gave them. */
  readonly asked: readonly Member[]
}

const filledMembersOf = perObject((fields: Fields): FilledMembers => {
  const members = membersOf(fields)
  const { made, empty } = blankOf(fields)
  const isMade = new Set(made.map(([name]) => name))
  return {
    byName: new Map(members.map((member) => [member.name, member])),
    asked: members.filter(
      ({ name, check }) =>
        isMade.has(name) || check(empty[name], { updating: false }) !== undefined,
    ),
  }
})
