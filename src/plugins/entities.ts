import { coreEntitiesFor } from '../entities/all.ts'
import { type PluginKind, pluginEntity } from '../entities/plugin.ts'
import type { RouterFlavor } from '../lib/router-flavor.ts'
import { type Plugin, subschemaOf } from '../pdk/plugin.ts'
import type { Entity } from '../schema/entity.ts'

/** What the tables are made for. */
export interface TablesOptions {
  /** The plugins that are loaded. */
  readonly plugins: readonly Plugin[]
  /** Whether plugins without behaviour may be enabled. */
  readonly unimplemented: 'refuse' | 'ignore'
  /** Which fields routes have. */
  readonly routerFlavor?: RouterFlavor
}

/** Every table: the core's, `plugins`, and those that plugins bring. */
export function entitiesFor({
  plugins,
  unimplemented,
  routerFlavor = 'traditional_compatible',
}: TablesOptions): readonly Entity[] {
  const kinds = new Map<string, PluginKind>(
    plugins.map((plugin) => [
      plugin.name,
      {
        subschema: subschemaOf(plugin),
        enableable: plugin.enforced === true || unimplemented === 'ignore',
      },
    ]),
  )
  return [
    ...coreEntitiesFor(routerFlavor),
    pluginEntity(kinds),
    ...plugins.flatMap(({ entities }) => entities ?? []),
  ]
}
