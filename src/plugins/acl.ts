import { toByteString } from '../lib/byte-string.ts'
import type { Exchange } from '../pdk/exchange.ts'
import { type Exit, refusal } from '../pdk/exit.ts'
import { authenticatedGroups } from '../pdk/identity.ts'
import type { Entities } from '../pdk/kit.ts'
import { definePlugin } from '../pdk/plugin.ts'
import { rowOf } from '../schema/entity.ts'
import { aclGroup } from './acl/group.ts'
import { strings } from './fields/plain.ts'

const CONSUMER_GROUPS = 'X-Consumer-Groups'
const AUTHENTICATED_GROUPS = 'X-Authenticated-Groups'

/** Lets consumers in, or keeps them out, by their groups. */
export const acl = definePlugin(
  {
    name: 'acl',
    priority: 950,
    unscoped: ['consumer'],
    about: {
      summary:
        'Lets in, or keeps out, whoever is in some groups, and tells the upstream the groups. It needs an authentication plugin beside it.',
      example: { allow: ['staff', 'partners'] },
      notes: [
        'A consumer joins a group by `POST /consumers/{consumer}/acls`.',
        'A plugin that knows groups from elsewhere tells them in `exchange.shared` under `authenticated_groups`. They count for whoever is no consumer, for the anonymous consumer, and with `always_use_authenticated_groups` for all.',
        'With `deny`, somebody in none of the groups passes; with `allow`, nobody does who is in none of them.',
      ],
    },
    entities: [aclGroup],
    config: {
      type: 'record',
      required: true,
      fields: {
        allow: strings,
        deny: strings,
        hide_groups_header: { type: 'boolean', required: true, default: false },
        always_use_authenticated_groups: { type: 'boolean', required: true, default: false },
      },
    },
    entityChecks: [
      { only_one_of: ['config.allow', 'config.deny'] },
      { at_least_one_of: ['config.allow', 'config.deny'] },
    ],
  },
  (config, kit) => {
    const denies = (config.deny ?? []).length > 0
    const listed = new Set(denies ? config.deny : config.allow)

    return {
      access(exchange) {
        const found = groupsOf(exchange, kit.entities, config.always_use_authenticated_groups)
        if ('status' in found) return found
        if (!denies && isStranger(exchange, found)) return refusal(401, 'Unauthorized')
        const { headers } = exchange.upstream
        // What a client says of its groups never passes.
        headers.delete(CONSUMER_GROUPS)
        if (headers.get(AUTHENTICATED_GROUPS) !== toldBefore(exchange)) {
          headers.delete(AUTHENTICATED_GROUPS)
        }
        if (found.groups.some((group) => listed.has(group)) === denies) return notForYou()
        if (!config.hide_groups_header) headers.set(found.header, headerText(found.groups))
        return undefined
      },
    }
  },
)

/** Kong: what a plugin before has told the upstream, as `session` does, stays beside a consumer's own. */
function toldBefore(exchange: Exchange): string | undefined {
  const groups = authenticatedGroups(exchange)
  return groups && headerText(groups)
}

function headerText(groups: readonly string[]): string {
  return toByteString(groups.join(', '))
}

/** Kong: the anonymous consumer that is in no group has to prove itself first. */
function isStranger({ client }: Exchange, { groups, header }: FoundGroups): boolean {
  return groups.length === 0 && header === CONSUMER_GROUPS && client.credential === undefined
}

function notForYou(): Exit {
  return refusal(403, 'You cannot consume this service')
}

interface FoundGroups {
  readonly groups: readonly string[]
  /** What tells them to the upstream. */
  readonly header: string
}

/** Kong: groups that were told count before a consumer's own for whoever has no credential. */
function groupsOf(exchange: Exchange, entities: Entities, toldFirst: boolean): FoundGroups | Exit {
  const { consumer, credential } = exchange.client
  if (consumer === undefined || credential === undefined || toldFirst) {
    const groups = authenticatedGroups(exchange)
    if (groups !== undefined) return { groups, header: AUTHENTICATED_GROUPS }
  }
  if (consumer !== undefined) {
    const rows = entities.children('acls', 'consumer', consumer.id)
    return { groups: rows.map((row) => rowOf(aclGroup, row).group), header: CONSUMER_GROUPS }
  }
  return credential === undefined ? refusal(401, 'Unauthorized') : notForYou()
}
