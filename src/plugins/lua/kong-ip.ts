import { parseIp } from '../../lib/ip.ts'
import { createIpSet } from '../../lib/ip-set.ts'
import type { Kit } from '../../pdk/kit.ts'
import type { LuaModule } from '../../pdk/lua-engine.ts'
import { getOwn } from '../../schema/field.ts'
import { stringIn } from './arguments.ts'

/** `kong.ip`: whom the settings trust to speak for others. */
export function kongIp({ configuration }: Pick<Kit, 'configuration'>): LuaModule {
  const trusted = getOwn(configuration ?? {}, 'trusted_ips')
  const ranges = Array.isArray(trusted) ? trusted.map(String) : []
  const set = createIpSet(ranges)
  return {
    members: {
      is_trusted: (address) => {
        const ip = parseIp(stringIn(address, 'address'))
        return ip !== undefined && set.has(ip)
      },
    },
  }
}
