import type { Kit } from '../../pdk/kit.ts'
import type { LuaEngine, LuaMachine } from '../../pdk/lua-engine.ts'
import { cjson, cjsonSafe } from './cjson.ts'
import { kongModule } from './kong.ts'
import { ngxSsl } from './kong-tls.ts'
import { ngxModule } from './ngx.ts'
import { createScope, type LuaScope } from './scope.ts'

/** Where all functions of a gateway run, so that they can hand tables to each other. */
export interface World {
  readonly machine: LuaMachine
  readonly scope: LuaScope
}

/** The gateway's one world; undefined where there is no Lua. */
export function worldOf(kit: Kit): World | undefined {
  const { lua } = kit
  return lua === undefined ? undefined : kit.keep('lua', () => openWorld(lua, kit))
}

function openWorld(engine: LuaEngine, kit: Kit): World {
  const scope = createScope()
  const parts = { scope, kit, machine: () => machine }
  const machine: LuaMachine = engine.open({
    globals: { kong: kongModule(parts), ngx: ngxModule(parts) },
    modules: { cjson, 'cjson.safe': cjsonSafe, 'ngx.ssl': ngxSsl(scope) },
    print: (text) => kit.runtime.log('notice', `[lua] ${text}`),
  })
  return { machine, scope }
}
