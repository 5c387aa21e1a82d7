import type { About, Plugin } from '../../pdk/plugin.ts'
import { anyProtocol } from '../fields/protocols.ts'
import { faultsInCustomFields, needsForCustomFields } from './custom-fields.ts'
import type { customFieldsByLua } from './log-fields.ts'
import { STREAM_NOTE } from './stream-note.ts'

/** A plugin that writes log entries, without what all of them have. */
interface LogDefinition extends Omit<Plugin, 'open' | 'protocols' | 'faults'> {
  readonly config: Plugin['config'] & {
    readonly fields: { readonly custom_fields_by_lua: typeof customFieldsByLua }
  }
  readonly about: About
}

/** A log plugin with what all of them have: sessions beside requests, and expressions in Lua. */
export function logPlugin<const P extends LogDefinition>(plugin: P) {
  const { about, needs } = plugin
  return {
    ...plugin,
    protocols: anyProtocol,
    needs: (caps, config) => needs?.(caps, config) ?? needsForCustomFields(caps, config),
    faults: faultsInCustomFields,
    about: { ...about, notes: [...(about.notes ?? []), STREAM_NOTE] },
  } satisfies Plugin
}
