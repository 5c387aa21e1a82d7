import { isUuid } from '../../lib/uuid.ts'
import type { ClientSide, Consumer, Credential } from '../../pdk/exchange.ts'
import type { Kit } from '../../pdk/kit.ts'
import {
  type LuaData,
  LuaFault,
  type LuaModule,
  type LuaTable,
  type LuaValue,
  type Several,
  several,
} from '../../pdk/lua-engine.ts'
import { isTable, stringIn } from './arguments.ts'
import { kongTls } from './kong-tls.ts'
import { ROUTED } from './phases.ts'
import { luaOf, luaRow, plainOf } from './plain.ts'
import type { LuaRun, LuaScope } from './scope.ts'

/** `kong.client`. */
export function kongClient(scope: LuaScope, { entities }: Pick<Kit, 'entities'>): LuaModule {
  const client = () => scope.run().exchange.client
  const known = () => scope.run(...ROUTED).exchange.client
  return {
    members: {
      tls: kongTls(scope),
      get_ip: () => client().peerIp,
      get_forwarded_ip: () => client().ip,
      get_port: () => client().port,
      get_forwarded_port: () => client().forwardedPort,
      get_protocol: (ended) => protocolOf(scope.run(...ROUTED), entities, isTrue(ended)),
      get_consumer: () => luaRow(known().consumer),
      get_credential: () => luaRow(known().credential),
      load_consumer: (id, byUsername) => {
        scope.run(...ROUTED)
        return consumerBy(stringIn(id, 'consumer_id'), isTrue(byUsername), entities)
      },
      authenticate: (consumer, credential) => {
        const { exchange } = scope.run('access')
        const who = tableOrNil(consumer, 'consumer')
        const proof = tableOrNil(credential, 'credential')
        if (who === undefined && proof === undefined) {
          throw new LuaFault('either credential or consumer must be provided')
        }
        exchange.client.authenticate(consumerIn(who, entities), credentialIn(proof))
        return undefined
      },
    },
  }
}

function isTrue(value: LuaValue): boolean {
  return value !== undefined && value !== false
}

/** Kong: by its id first; nothing where there is none. */
function consumerBy(text: string, byUsername: boolean, entities: Kit['entities']): LuaData {
  const isId = isUuid(text)
  if (!isId && !byUsername) {
    throw new LuaFault('cannot load a consumer with an id that is not a uuid')
  }
  const found = isId ? entities.get('consumers', text) : undefined
  if (found !== undefined || !byUsername) return luaRow(found)
  return luaRow(entities.getBy('consumers', 'username', text))
}

/** Kong: the only one of the route, else what is spoken; in sessions what is spoken with the service. */
function protocolOf(
  { exchange, session }: LuaRun,
  entities: Kit['entities'],
  ended: boolean,
): LuaData | Several {
  const { route, service } = exchange
  if (route === undefined) return several(undefined, 'No active route found')
  const protocols = entities.get('routes', route.id)?.protocols
  if (Array.isArray(protocols) && protocols.length === 1) return luaOf(protocols[0])
  if (session === undefined) return spokenIn(exchange.request, ended)
  return service && entities.get('services', service.id)?.protocol === 'tls' ? 'tls' : 'tcp'
}

/** Kong: where TLS may have been ended before us, a trusted peer tells so, once. */
function spokenIn(request: ClientSide, ended: boolean): LuaData | Several {
  const { scheme, forwardedScheme, fromTrusted, headers } = request
  if (scheme === 'https' || !ended) return scheme
  if (fromTrusted && headers.all('x-forwarded-proto').length > 1) {
    return several(undefined, 'Only one X-Forwarded-Proto header allowed')
  }
  return forwardedScheme === 'https' ? 'https' : 'http'
}

function tableOrNil(value: LuaValue, name: string): LuaTable | undefined {
  if (value === undefined || isTable(value)) return value
  throw new LuaFault(`${name} must be a table or nil`)
}

function consumerIn(table: LuaTable | undefined, entities: Kit['entities']): Consumer | undefined {
  if (table === undefined) return undefined
  const id = idIn(table)
  return entities.get('consumers', id) ?? { id }
}

function credentialIn(table: LuaTable | undefined): Credential | undefined {
  if (table === undefined) return undefined
  const fields = plainOf(table)
  return { ...(typeof fields === 'object' ? fields : {}), id: idIn(table) }
}

/** Kong: neither needs one. */
function idIn(table: LuaTable): string {
  const id = table.get('id')
  return typeof id === 'string' ? id : ''
}
