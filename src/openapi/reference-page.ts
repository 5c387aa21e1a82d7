import type { Entity } from '../schema/entity.ts'
import type { Fields } from '../schema/field.ts'
import { adminMembers } from './admin-members.ts'
import { checkList, fieldTable } from './field-table.ts'
import { MANNERS } from './manners.ts'
import { type Endpoint, type Place, placeOf } from './place.ts'
import { code } from './rule-text.ts'
import { specialOf } from './special.ts'

/** docs/admin-api.md, held by a test to say what the entities' definitions say. */
export function adminApiPage(entities: readonly Entity[], endpoints: readonly Endpoint[]): string {
  const routed = entities.filter(({ schemaOnly }) => schemaOnly !== true)
  return `# The Admin API

Kong's, path for path; where it differs on purpose, [differences.md](differences.md) says so. This page and
\`GET /openapi.json\` are made from the definitions that check every request.

${MANNERS}
## Entities

${routed.map((entity) => sectionOf(entity, routed, endpoints)).join('\n')}
## Other paths

${otherPaths(routed, endpoints)}`
}

function sectionOf(
  entity: Entity,
  entities: readonly Entity[],
  endpoints: readonly Endpoint[],
): string {
  const fields = { ...entity.fields, ...adminMembers(entity), ...shorthandsOf(entity) }
  const together = (entity.uniqueTogether ?? []).map(
    (names) => `\n- Unique together: ${names.map(code).join(', ')}\n`,
  )
  return `### ${entity.name}

${pathLines(entity, entities, endpoints)}
${keyLine(entity)}

${fieldTable(fields)}${checkList(entity.entityChecks)}${together.join('')}`
}

/** Fields that are only written. */
function shorthandsOf({ shorthands = {} }: Entity): Fields {
  return Object.fromEntries(
    Object.entries(shorthands).map(([name, { field }]) => [
      name,
      { ...field, description: 'written in place of others, never shown' },
    ]),
  )
}

/** Its paths, each with its verbs: its own, under its parents, and through its children. */
function pathLines(
  entity: Entity,
  entities: readonly Entity[],
  endpoints: readonly Endpoint[],
): string {
  return endpoints
    .flatMap((endpoint) => {
      const place = placeOf(endpoint.pattern, entities)
      const isOurs = place?.entity === entity && specialOf(endpoint.pattern, 'GET') === undefined
      return isOurs ? [{ ...endpoint, rank: rankOf(place) }] : []
    })
    .sort((a, b) => a.rank - b.rank)
    .map(({ pattern, verbs }) => `- ${code(pattern)} ${verbs.join(' ')}`)
    .join('\n')
}

function rankOf({ kind, beside }: Place): number {
  return kind === 'parent' ? 2 : beside === undefined ? 0 : 1
}

function keyLine({ endpointKey, nestedKey }: Entity): string {
  const keys = [endpointKey, nestedKey].filter((key) => key !== undefined)
  return `\nA path names one by its \`id\`${keys.map((key) => ` or its ${code(key)}`).join('')}.`
}

/** One row for all that is said in the same words. */
function otherPaths(entities: readonly Entity[], endpoints: readonly Endpoint[]): string {
  const rows = new Map<string, Map<string, string[]>>()
  for (const { pattern, verbs } of endpoints) {
    for (const verb of verbs) {
      const special = specialOf(pattern, verb)
      if (special === undefined && placeOf(pattern, entities) !== undefined) continue
      const summary = special?.summary ?? ''
      const calls = rows.get(summary) ?? new Map<string, string[]>()
      rows.set(summary, calls.set(pattern, [...(calls.get(pattern) ?? []), verb]))
    }
  }
  const lines = [...rows].map(([summary, calls]) => `| ${callsText(calls)} | ${summary} |`)
  return ['| call | what it does |', '|---|---|', ...lines, ''].join('\n')
}

const ALL_VERBS = 5

function callsText(calls: ReadonlyMap<string, readonly string[]>): string {
  const texts = [...calls].map(([pattern, verbs]) =>
    code(verbs.length === ALL_VERBS ? pattern : `${verbs.join(', ')} ${pattern}`),
  )
  return texts.join('<br>')
}
