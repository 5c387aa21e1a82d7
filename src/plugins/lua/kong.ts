import { KONG_VERSION } from '../../lib/version.ts'
import type { Kit } from '../../pdk/kit.ts'
import type { LuaMachine, LuaModule } from '../../pdk/lua-engine.ts'
import { getOwn } from '../../schema/field.ts'
import { isTable, itemsOf } from './arguments.ts'
import { kongCache } from './kong-cache.ts'
import { kongClient } from './kong-client.ts'
import { kongDb } from './kong-db.ts'
import { kongIp } from './kong-ip.ts'
import { kongLog } from './kong-log.ts'
import { kongRequest } from './kong-request.ts'
import { kongResponse } from './kong-response.ts'
import { kongService } from './kong-service.ts'
import { kongTable } from './kong-table.ts'
import { kongVault } from './kong-vault.ts'
import { subsystemOf } from './ngx.ts'
import { ROUTED } from './phases.ts'
import { luaOf, luaRow, plainOf } from './plain.ts'
import { type LuaScope, tableOf } from './scope.ts'

/** What `kong` is made of. */
export interface KongParts {
  readonly scope: LuaScope
  readonly kit: Pick<Kit, 'entities' | 'runtime' | 'node' | 'configuration' | 'secrets'>
  /** There is none while the world is being made. */
  readonly machine: () => LuaMachine
}

/** `kong`, the plugin development kit. */
export function kongModule({ scope, kit, machine }: KongParts): LuaModule {
  return {
    members: {
      version: KONG_VERSION,
      version_num: versionNumber(KONG_VERSION),
      pdk_major_version: 1,
      pdk_version: '1.5.0',
      request: kongRequest(scope),
      service: kongService(scope, kit),
      response: kongResponse(scope, kit),
      client: kongClient(scope, kit),
      cache: kongCache(kit),
      db: kongDb(kit),
      vault: kongVault(kit),
      table: kongTable,
      ip: kongIp(kit),
      // A node knows of no cluster that it would be one of.
      cluster: { members: { get_id: () => undefined } },
      nginx: { members: { get_subsystem: () => subsystemOf(scope) } },
      log: kongLog(scope, kit),
      ctx: {
        members: { shared: sharedContext(scope) },
        read: (key) => (key === 'plugin' ? pluginContext(scope, machine()) : undefined),
      },
      router: kongRouter(scope, kit),
      node: {
        members: {
          get_id: () => kit.node?.id ?? kit.runtime.name,
          get_hostname: () => kit.node?.hostname ?? '',
        },
      },
      configuration: { read: (key) => luaOf(getOwn(kit.configuration ?? {}, String(key))) },
      plugin: { members: { get_id: () => scope.run().plugin.id } },
    },
  }
}

/** Kong: each part after the first has three digits. */
function versionNumber(version: string): number {
  return version.split('.').reduce((number, part) => number * 1000 + Number(part), 0)
}

function kongRouter(scope: LuaScope, kit: KongParts['kit']): LuaModule {
  return {
    members: {
      get_route: () => rowOf(scope, kit, 'routes'),
      get_service: () => rowOf(scope, kit, 'services'),
    },
  }
}

function rowOf(scope: LuaScope, { entities }: KongParts['kit'], table: 'routes' | 'services') {
  const { route, service } = scope.run(...ROUTED).exchange
  const named = table === 'routes' ? route : service
  return named === undefined ? undefined : luaRow(entities.get(table, named.id))
}

const OWN = 'lua of plugin '

function pluginContext(scope: LuaScope, machine: LuaMachine) {
  const run = scope.run()
  return tableOf(run, OWN + run.plugin.id, machine)
}

/** Groups are for plugins that know no Lua: `acl` reads them. */
const GROUPS = 'authenticated_groups'

/** What plugins tell each other; tables of Lua stay themselves. */
function sharedContext(scope: LuaScope): LuaModule {
  return {
    read: (key) => {
      const value = scope.run().exchange.shared.get(key)
      return isOfLua(value) ? value : luaOf(value)
    },
    write: (key, value) => {
      const { shared } = scope.run().exchange
      if (value === undefined) shared.delete(key)
      else if (key === GROUPS && isTable(value)) shared.set(key, itemsOf(value).map(String))
      else shared.set(key, typeof value === 'string' ? plainOf(value) : value)
    },
  }
}

function isOfLua(value: unknown): value is ReturnType<typeof tableOf> {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'table'
}
