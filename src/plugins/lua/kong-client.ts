import type { Consumer, Credential } from '../../pdk/exchange.ts'
import type { Kit } from '../../pdk/kit.ts'
import {
  type LuaData,
  LuaFault,
  type LuaModule,
  type LuaValue,
  several,
} from '../../pdk/lua-engine.ts'
import { isTable, stringIn } from './arguments.ts'
import { kongTls } from './kong-tls.ts'
import { luaOf, luaRow, plainOf } from './plain.ts'
import type { LuaRun, LuaScope } from './scope.ts'

/** `kong.client`. */
export function kongClient(scope: LuaScope, { entities }: Pick<Kit, 'entities'>): LuaModule {
  const client = () => scope.run().exchange.client
  return {
    members: {
      tls: kongTls(scope),
      get_ip: () => client().peerIp,
      get_forwarded_ip: () => client().ip,
      get_port: () => client().port,
      get_forwarded_port: () => client().port,
      get_protocol: () => protocolOf(scope.run(), entities),
      get_consumer: () => luaRow(client().consumer),
      get_credential: () => luaRow(client().credential),
      load_consumer: (id, byUsername) => {
        const named = stringIn(id, 'consumer_id')
        const row = entities.get('consumers', named)
        const found =
          row ?? (byUsername === true ? entities.getBy('consumers', 'username', named) : undefined)
        return found === undefined ? several(undefined, 'not found') : luaRow(found)
      },
      authenticate: (consumer, credential) => {
        const { exchange } = scope.run('access')
        if (consumer === undefined && credential === undefined) {
          throw new LuaFault('either credential or consumer must be provided')
        }
        exchange.client.authenticate(consumerIn(consumer, entities), credentialIn(credential))
        return undefined
      },
    },
  }
}

/** Kong: the only one of the route, else what is spoken; in sessions what is spoken with the service. */
function protocolOf({ exchange, session }: LuaRun, entities: Kit['entities']): LuaData {
  const { route, service } = exchange
  const protocols = route && entities.get('routes', route.id)?.protocols
  if (Array.isArray(protocols) && protocols.length === 1) return luaOf(protocols[0])
  if (session === undefined) return exchange.request.scheme
  return service && entities.get('services', service.id)?.protocol === 'tls' ? 'tls' : 'tcp'
}

function consumerIn(value: LuaValue, entities: Kit['entities']): Consumer | undefined {
  if (value === undefined || value === null) return undefined
  const id = idIn(value, 'consumer')
  return entities.get('consumers', id) ?? { id }
}

function credentialIn(value: LuaValue): Credential | undefined {
  if (value === undefined || value === null) return undefined
  const id = idIn(value, 'credential')
  const fields = plainOf(value)
  return { ...(typeof fields === 'object' ? fields : {}), id }
}

function idIn(value: LuaValue, name: string): string {
  if (!isTable(value)) throw new LuaFault(`${name} must be a table or nil`)
  return stringIn(value.get('id'), `${name}.id`)
}
