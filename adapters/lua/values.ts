import type { JsFunction, LuaState } from 'fengari'
import { type LuaData, type LuaNative, type LuaValue, resultsOf } from '../../src/pdk/lua-engine.ts'
import { createBridge, type Virtual } from './bridge.ts'
import type { Budget } from './budget.ts'
import { pushData } from './push-values.ts'
import { readResults, readValue } from './read-values.ts'

/** Hands values over, both ways. */
export interface Values {
  read(L: LuaState, index: number): LuaValue
  push(L: LuaState, value: LuaData): void
  /** A function of ours as the machine calls it. */
  native(run: LuaNative): JsFunction
}

/** Makes what hands values over; `main` is the state that everything happens in. */
export function createValues(virtual: Virtual, main: LuaState, budget: Budget): Values {
  const bridge = createBridge(virtual, main, budget)
  return {
    read: (L, index) => readValue(bridge, L, index),
    push: (L, value) => pushData(bridge, L, value),
    native: (run) => (L) => {
      const given = run(...readResults(bridge, L, 0))
      const results = resultsOf(given)
      for (const result of results) pushData(bridge, L, result)
      return results.length
    },
  }
}
