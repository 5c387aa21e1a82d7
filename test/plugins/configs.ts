import { allPlugins } from '../../src/plugins/all.ts'
import { entitiesFor } from '../../src/plugins/entities.ts'
import type { Entity, Row } from '../../src/schema/entity.ts'
import { EntityError } from '../../src/schema/entity-error.ts'
import { rowForInsert, validateOnly } from '../../src/schema/validate.ts'

const entities = entitiesFor({ plugins: allPlugins, unimplemented: 'ignore' })

/** A clock, ids and secrets that are the same every time. */
export const context = {
  now: 1795212381759,
  newId: () => 'a2a10a5c-5a1e-4b4e-8e5c-4a4f0d1f2c3b',
  secret: () => 'sesame',
}

/** The table of that name, with all plugins loaded. */
export function tableOf(name: string): Entity {
  const entity = entities.find((known) => known.name === name)
  if (entity === undefined) throw new Error(`Cannot find a table "${name}"`)
  return entity
}

/** The config of a plugin as it is stored. */
export function storedConfig(name: string, config: unknown = {}): unknown {
  return insertPlugin(name, config).config
}

/** The row of a plugin as it is stored. */
export function insertPlugin(name: string, config: unknown = {}, rest: object = {}): Row {
  return rowForInsert(tableOf('plugins'), { name, config, ...rest }, context)
}

/** What is wrong with the config of a plugin, as the member `fields` of the refusal. */
export function violationsOf(name: string, config: unknown = {}, rest: object = {}): unknown {
  return violationsIn(() => validateOnly(tableOf('plugins'), { name, config, ...rest }, context))
}

/** What a refusal says by field; undefined when there is none. */
export function violationsIn(work: () => unknown): unknown {
  try {
    work()
    return undefined
  } catch (error) {
    if (error instanceof EntityError) return error.fields
    throw error
  }
}
