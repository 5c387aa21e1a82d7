import type { Plugin } from '../pdk/plugin.ts'
import type { Runtime } from '../ports/runtime.ts'
import { type Fields, getOwn, isObject } from '../schema/field.ts'
import type { EntityStore } from '../store/entity-store.ts'

/** Whose writes are looked at, and where a warning goes. */
export interface DeprecatedOptions {
  readonly plugins: readonly Plugin[]
  readonly runtime: Pick<Runtime, 'log'>
}

/** Warns whenever a plugin is written with a field that goes with a later version, as Kong does. */
export function warnOfDeprecated(
  store: Pick<EntityStore, 'subscribe'>,
  { plugins, runtime }: DeprecatedOptions,
): void {
  const fieldsOf = new Map(plugins.map(({ name, config }) => [name, config.fields]))
  store.subscribe((changes) => {
    for (const { entity, after } of changes) {
      if (entity !== 'plugins' || after === undefined) continue
      const name = String(after.name)
      for (const text of warningsOf(fieldsOf.get(name) ?? {}, after.config)) {
        runtime.log('warn', text, { plugin: after.id })
      }
    }
  })
}

function warningsOf(fields: Fields, value: unknown): string[] {
  if (!isObject(value)) return []
  return Object.entries(fields).flatMap(([name, field]) => {
    const held = getOwn(value, name)
    if (held === undefined || held === null) return []
    const { message, old_default, removal_in_version } = field.deprecation ?? {}
    const inside = warningsOf(field.fields ?? {}, held)
    if (message === undefined || held === old_default) return inside
    // Kong counts the version it goes with as the one it is deprecated after.
    return [`${message} (deprecated after ${removal_in_version})`, ...inside]
  })
}
