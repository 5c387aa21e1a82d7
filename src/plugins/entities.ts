import { coreEntitiesFor } from '../entities/all.ts'
import { type PluginKind, pluginEntity } from '../entities/plugin.ts'
import { withinCaps } from '../entities/within-caps.ts'
import type { RouterFlavor } from '../lib/router-flavor.ts'
import { type Plugin, type RuntimeCaps, subschemaOf } from '../pdk/plugin.ts'
import type { TransportCaps } from '../ports/transport.ts'
import type { Entity } from '../schema/entity.ts'
import type { Settings } from '../settings/settings.ts'
import { allPlugins } from './all.ts'

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

/** The tables there are with these settings, for a transport and a runtime that can do so much. */
export function entitiesOf(
  settings: TableSettings,
  caps: TransportCaps,
  { plugins: own, runtime }: PluginsHere = {},
): readonly Entity[] {
  const { unimplementedPlugins: unimplemented, routerFlavor } = settings
  const plugins = loadedPlugins(settings, own)
  return withinCaps(entitiesFor({ plugins, unimplemented, routerFlavor, runtime }), caps)
}

/** What beside the bundle there is for plugins. */
export interface PluginsHere {
  readonly plugins?: readonly Plugin[] | undefined
  /** Not asked about when absent. */
  readonly runtime?: RuntimeCaps
}

/** Those of the bundle that the settings name, or all, and the ones beside it. */
export function loadedPlugins(
  { plugins }: TableSettings,
  own: readonly Plugin[] = [],
): readonly Plugin[] {
  return [...allPlugins.filter(({ name }) => plugins?.includes(name) ?? true), ...own]
}

type TableSettings = Pick<Settings, 'plugins' | 'unimplementedPlugins' | 'routerFlavor'>
