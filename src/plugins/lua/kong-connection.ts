import type { Kit } from '../../pdk/kit.ts'
import { LuaFault, type LuaModule, type LuaValue, several } from '../../pdk/lua-engine.ts'
import { stringIn } from './arguments.ts'
import { CONNECTING } from './phases.ts'
import type { LuaScope } from './scope.ts'

/** Names of hosts and of upstreams, and addresses. */
const HOST = /^[\w.:~[\]-]+$/

/** Milliseconds and retries, as far as Kong counts them. */
const LONGEST = 2_147_483_646
const MOST_RETRIES = 32_767

/** What of `kong.service` says how the service is reached. */
export function kongConnection(
  scope: LuaScope,
  { entities }: Pick<Kit, 'entities'>,
): NonNullable<LuaModule['members']> {
  const upstream = () => scope.run('access').exchange.upstream
  const early = () => scope.run(...CONNECTING).exchange.upstream
  return {
    ...places(scope, entities),
    set_retries: (retries) => {
      const side = upstream()
      const count = integerIn(retries, 'retries')
      if (count < 0 || count > MOST_RETRIES)
        throw new LuaFault(`port must be an integer between 0 and ${MOST_RETRIES}: given ${count}`)
      side.setConnection({ attempts: count + 1 })
      return undefined
    },
    set_timeouts: (connect, write, read) => {
      const side = upstream()
      side.setConnection({
        connectTimeout: timeoutIn(connect, 'connect_timeout'),
        writeTimeout: timeoutIn(write, 'write_timeout'),
        readTimeout: timeoutIn(read, 'read_timeout'),
      })
      return undefined
    },
    set_tls_verify: (on) => {
      const side = early()
      if (typeof on !== 'boolean') throw new LuaFault('argument must be a boolean')
      side.setConnection({ tlsVerify: on })
      return true
    },
    set_tls_verify_depth: (depth) => {
      const side = early()
      if (typeof depth !== 'number') throw new LuaFault('argument must be a number')
      if (!Number.isInteger(depth) || depth < 0) throw new LuaFault(`invalid depth: ${depth}`)
      side.setConnection({ tlsVerifyDepth: depth })
      return true
    },
  }
}

/** Where the request goes. */
function places(scope: LuaScope, entities: Kit['entities']): NonNullable<LuaModule['members']> {
  return {
    set_upstream: (host) => {
      const side = scope.run('access').exchange.upstream
      const name = stringIn(host, 'host')
      if (entities.getBy('upstreams', 'name', name) === undefined)
        return several(undefined, `could not find an Upstream named '${name}'`)
      // Its targets say the ports.
      side.setTarget({ host: name, port: 80 })
      return true
    },
    set_target: (host, port) => {
      const { phase, exchange } = scope.run(...CONNECTING)
      const name = stringIn(host, 'host')
      const number = integerIn(port, 'port')
      if (number < 0 || number > 65_535) {
        throw new LuaFault(`port must be an integer between 0 and 65535: given ${number}`)
      }
      // Kong: nothing to set it in, before a route is known.
      if (phase !== 'access') throw new LuaFault(NO_BALANCER)
      if (!HOST.test(name)) throw new LuaFault(`invalid host: ${name}`)
      exchange.upstream.setTarget({ host: name, port: number })
      return undefined
    },
  }
}

const NO_BALANCER = "attempt to index field 'balancer_data' (a nil value)"

function timeoutIn(value: LuaValue, name: string): number {
  const timeout = integerIn(value, name)
  if (timeout >= 1 && timeout <= LONGEST) return timeout
  throw new LuaFault(`${name} must be an integer between 1 and ${LONGEST}: given ${timeout}`)
}

function integerIn(value: LuaValue, name: string): number {
  if (typeof value === 'number' && Number.isInteger(value)) return value
  throw new LuaFault(`${name} must be an integer`)
}
