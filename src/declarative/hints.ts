import type { Entity } from '../schema/entity.ts'
import { treeOf } from '../schema/error-tree.ts'
import { hintOf } from '../schema/hint.ts'
import { fieldsOf, kindOf } from '../schema/kind.ts'
import type { Entry } from './entries.ts'
import { childrenOf } from './tables.ts'
import type { Violation } from './violation.ts'

/** What may help against a violation at the top of a document. */
export function topHint(violation: Violation, entities: readonly Entity[]): string | undefined {
  const [name] = violation.path
  if (typeof name === 'string' && DECK_ONLY.has(name)) {
    return 'of decK alone; `gibbon sync` and decK take it, a gateway does not'
  }
  const tables = entities.map((entity) => entity.name)
  return hintOf({}, treeOf(violation), ['_format_version', '_transform', ...tables])
}

/** What may help against a violation in an entry, its path being from there. */
export function entryHint(
  violation: Violation,
  { entity, sent }: Entry,
  entities: readonly Entity[],
): string | undefined {
  const fields = fieldsOf(entity, kindOf(entity, sent).subschema)
  const shorthands = Object.keys(entity.shorthands ?? {})
  const children = childrenOf(entity, entities).keys()
  return hintOf(fields, treeOf(violation), [...shorthands, ...children])
}

/** Members of decK's files that Kong's do not have. */
const DECK_ONLY: ReadonlySet<string> = new Set([
  '_workspace',
  '_info',
  '_konnect',
  '_plugin_configs',
  '_defaults',
  'consumer_groups',
])
