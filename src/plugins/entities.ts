import { coreEntitiesFor } from '../entities/all.ts'
import { type PluginKind, pluginEntity } from '../entities/plugin.ts'
import type { RouterFlavor } from '../lib/router-flavor.ts'
import { type Plugin, type RuntimeCaps, subschemaOf } from '../pdk/plugin.ts'
import type { Entity } from '../schema/entity.ts'

/** What the tables are made for. */
export interface TablesOptions {
  /** The plugins that are loaded. */
  readonly plugins: readonly Plugin[]
  /** Whether plugins without behaviour may be enabled. */
  readonly unimplemented: 'refuse' | 'ignore'
  /** Which fields routes have. */
  readonly routerFlavor?: RouterFlavor
  /** What plugins find here; not asked about when absent. */
  readonly runtime?: RuntimeCaps | undefined
}

/** Every table: the core's, `plugins`, and those that plugins bring. */
export function entitiesFor({
  plugins,
  unimplemented,
  routerFlavor = 'traditional_compatible',
  runtime,
}: TablesOptions): readonly Entity[] {
  const kinds = new Map<string, PluginKind>(
    plugins.map((plugin) => [
      plugin.name,
      {
        subschema: subschemaOf(plugin),
        impossible: (config) =>
          // Whoever asks to ignore what does nothing is told of it in the log instead.
          runtime === undefined || unimplemented === 'ignore'
            ? undefined
            : plugin.needs?.(runtime, config),
        faults: (config) => (runtime === undefined ? undefined : plugin.faults?.(runtime, config)),
        enableable: plugin.open !== undefined || unimplemented === 'ignore',
      },
    ]),
  )
  return [
    ...coreEntitiesFor(routerFlavor),
    pluginEntity(kinds),
    ...plugins.flatMap(({ entities }) => entities ?? []),
  ]
}
