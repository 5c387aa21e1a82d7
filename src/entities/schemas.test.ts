import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { describeEntity } from '../schema/describe.ts'
import { coreEntities, schemaOnlyEntities } from './all.ts'
import { pluginEntity } from './plugin.ts'

const ownEntities = [...coreEntities, pluginEntity(new Map()), ...schemaOnlyEntities]

describe('GET /schemas/{entity}', () => {
  it.each(ownEntities.map((entity) => [entity.name, entity] as const))(
    'says of %s what Kong says',
    async (name, entity) => {
      const file = new URL(`../../test/schemas/${name}.json`, import.meta.url)
      const kong = JSON.parse(await readFile(file, 'utf8'))
      const described = JSON.parse(JSON.stringify(describeEntity(entity)))

      expect(byName(described.fields)).toEqual(byName(kong.fields))
      expect(described.entity_checks).toEqual(kong.entity_checks)
      expect(described.fields.map((field: object) => Object.keys(field)[0])).toEqual(
        kong.fields.map((field: object) => Object.keys(field)[0]),
      )
    },
  )
})

/** Lists of fields as objects, at every depth: their order is checked at the top only. */
function byName(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(byName)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === 'fields'
        ? Object.fromEntries(item.flatMap((f: object) => Object.entries(byName(f) as object)))
        : byName(item),
    ]),
  )
}
