import type { Kit } from '../../pdk/kit.ts'
import type { LuaModule, LuaNative } from '../../pdk/lua-engine.ts'
import { stringIn, tableIn } from './arguments.ts'
import { luaRow } from './plain.ts'

/** What may be looked up, and by which unique fields beside the id. */
const TABLES: Readonly<Record<string, readonly string[]>> = {
  certificates: [],
  consumers: ['username', 'custom_id'],
  keys: ['name'],
  plugins: ['instance_name'],
  routes: ['name'],
  services: ['name'],
  snis: ['name'],
  targets: [],
  upstreams: ['name'],
}

/** `kong.db`, as far as it only reads; each method is called with a colon. */
export function kongDb({ entities }: Pick<Kit, 'entities'>): LuaModule {
  const tables = Object.entries(TABLES).map(([table, fields]) => {
    const select: LuaNative = (_, key) =>
      luaRow(entities.get(table, stringIn(tableIn(key, 'primary_key').get('id'), 'id')))
    const others = fields.map((field) => {
      const native: LuaNative = (_, value) =>
        luaRow(entities.getBy(table, field, stringIn(value, field)))
      return [`select_by_${field}`, native] as const
    })
    return [table, { members: { select, ...Object.fromEntries(others) } }] as const
  })
  return { members: Object.fromEntries(tables) }
}
