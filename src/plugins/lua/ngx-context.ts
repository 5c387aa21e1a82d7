import { authenticatedGroups, setAuthenticatedGroups } from '../../pdk/identity.ts'
import type { Kit } from '../../pdk/kit.ts'
import type { LuaData, LuaMachine, LuaTable } from '../../pdk/lua-engine.ts'
import { isTable, itemsOf } from './arguments.ts'
import { luaRow } from './plain.ts'
import { type LuaRun, tableOf } from './scope.ts'

/** No text: functions may write under any in `kong.ctx.shared`. */
const KEY = {}

/** `ngx.ctx`: what functions put there, and of what Kong keeps there who asks and what is meant. */
export function contextOf(
  run: LuaRun,
  machine: LuaMachine,
  { entities }: Pick<Kit, 'entities'>,
): LuaTable {
  const table = tableOf(run, KEY, machine)
  const put = (key: string, row: () => LuaData): void => {
    if (table.get(key) === undefined) table.set(key, row())
  }
  const { route, service, client } = known(run)
  if (route !== undefined) put('route', () => luaRow(entities.get('routes', route.id)))
  if (service !== undefined) put('service', () => luaRow(entities.get('services', service.id)))
  if (client?.consumer !== undefined) put('authenticated_consumer', () => luaRow(client.consumer))
  if (client?.credential !== undefined) {
    put('authenticated_credential', () => luaRow(client.credential))
  }
  return table
}

/** Kong: `acl` and `session` know groups from here too, where `kong.ctx.shared` tells of none. */
export function tellGroups({ exchange }: LuaRun): void {
  // Only that table is put under this key, above.
  const table = exchange.shared.get(KEY) as LuaTable | undefined
  const groups = table?.get('authenticated_groups')
  if (groups === undefined || !isTable(groups)) return
  if (authenticatedGroups(exchange) !== undefined) return
  setAuthenticatedGroups(exchange, itemsOf(groups).map(String))
}

/** At a handshake nobody has asked for anything. */
function known({ exchange, handshake }: LuaRun) {
  const { route, service } = exchange
  return { route, service, client: handshake === undefined ? exchange.client : undefined }
}
