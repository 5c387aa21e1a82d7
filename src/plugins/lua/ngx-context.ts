import type { Kit } from '../../pdk/kit.ts'
import type { LuaData, LuaMachine, LuaTable } from '../../pdk/lua-engine.ts'
import { luaRow } from './plain.ts'
import { type LuaRun, tableOf } from './scope.ts'

/** `ngx.ctx`: what functions put there, and of what Kong keeps there who asks and what is meant. */
export function contextOf(
  run: LuaRun,
  machine: LuaMachine,
  { entities }: Pick<Kit, 'entities'>,
): LuaTable {
  const table = tableOf(run, 'ngx.ctx', machine)
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

/** At a handshake nobody has asked for anything. */
function known({ exchange, handshake }: LuaRun) {
  const { route, service } = exchange
  return { route, service, client: handshake === undefined ? exchange.client : undefined }
}
