import { type LuaEngine, LuaFault } from '../../src/pdk/lua-engine.ts'
import type { Virtual } from './bridge.ts'
import { LIMITS, type Limits } from './budget.ts'
import { createMachine } from './machine.ts'
import { useDoubles } from './numbers.ts'

/**
 * Loads the Lua machine that is written in JavaScript; undefined where the package is not installed.
 * It is an optional peer dependency: nothing else of the gateway needs it.
 */
export async function loadFengari(limits: Limits = LIMITS): Promise<LuaEngine | undefined> {
  const virtual = await importFengari()
  if (virtual === undefined) return undefined
  return {
    check: (source) => checked(virtual, limits, source),
    open: (world) => createMachine(virtual, world, limits),
  }
}

async function importFengari(): Promise<Virtual | undefined> {
  try {
    const { default: fengari } = await import('fengari')
    await useDoubles()
    return fengari
  } catch {
    return undefined
  }
}

function checked(virtual: Virtual, limits: Limits, source: string): string | undefined {
  const world = { globals: {}, modules: {}, print() {} }
  try {
    createMachine(virtual, world, limits).compile(source)
    return undefined
  } catch (error) {
    // LuaJIT puts this in quotes, too.
    if (error instanceof LuaFault) return error.message.replace(/ near <eof>$/, " near '<eof>'")
    throw error
  }
}
