import { loadFengari } from '../../adapters/lua/fengari.ts'
import type { LuaEngine } from '../../src/pdk/lua-engine.ts'
import type { Plugin } from '../../src/pdk/plugin.ts'
import { keyAuth } from '../../src/plugins/key-auth.ts'
import { postFunction } from '../../src/plugins/post-function.ts'
import { preFunction } from '../../src/plugins/pre-function.ts'
import type { Syslog } from '../../src/ports/syslog.ts'
import { openGateway, type Rig, type RigOptions } from '../plugins/open-gateway.ts'

/** The machine in JavaScript; a test without it fails, for it is a development dependency. */
export async function engine(): Promise<LuaEngine> {
  const loaded = await loadFengari()
  if (loaded === undefined) throw new Error('fengari is not installed')
  return loaded
}

/** What such a gateway is opened with; `lua: undefined` is one where there is none. */
export interface LuaOptions extends RigOptions, LuaPorts {}

/** What a plugin of a rig finds, beside what every rig has. */
export interface LuaPorts {
  readonly lua?: LuaEngine | undefined
  readonly syslog?: Syslog
}

/** The plugin with a Lua to run on, or with none. */
export function withLua(plugin: Plugin, { lua, syslog }: LuaPorts): Plugin {
  return {
    ...plugin,
    needs: (caps, config) => plugin.needs?.({ ...caps, lua, syslog: syslog !== undefined }, config),
    faults: (caps, config) => plugin.faults?.({ ...caps, lua }, config),
    ...(plugin.open === undefined
      ? {}
      : { open: (config, kit) => plugin.open?.(config, { ...kit, lua, syslog }) ?? {} }),
  }
}

/** A gateway that runs functions. */
export async function openLua(options: LuaOptions = {}): Promise<Rig> {
  const { plugins = [preFunction, keyAuth, postFunction], syslog, ...rest } = options
  const lua = 'lua' in options ? options.lua : await engine()
  return openGateway({
    ...rest,
    plugins: plugins.map((plugin) => withLua(plugin, { lua, ...(syslog && { syslog }) })),
    settings: { ...options.settings, plugins: [] },
  })
}
