import { numberText } from '../../src/lib/lua-number.ts'
import { LuaFault, type LuaNative, type LuaTable, type LuaValue } from '../../src/pdk/lua-engine.ts'
import type { Parts } from './machine.ts'

/** Those of `table` that grow, bounded, and those that LuaJIT and OpenResty have beside. */
export function tableFunctions({ budget }: Parts): Readonly<Record<string, LuaNative>> {
  return {
    concat: (list, between, from, to) => {
      const table = tableIn(list)
      const gap = between === undefined ? '' : partOf(between, 0)
      const parts: string[] = []
      const last = typeof to === 'number' ? to : table.length
      for (let at = typeof from === 'number' ? from : 1; at <= last; at++) {
        budget.spend(1)
        const part = partOf(table.get(at), at)
        budget.charge(part.length + gap.length)
        parts.push(part)
      }
      return parts.join(gap)
    },
    ...COUNTING,
    new: () => new Map(),
    clone: (list) =>
      new Map<string | number, LuaValue>(
        tableIn(list)
          .entries()
          .flatMap(([key, value]) =>
            typeof key === 'string' || typeof key === 'number' ? [[key, value] as const] : [],
          ),
      ),
    clear: (list) => {
      const table = tableIn(list)
      for (const [key] of table.entries()) {
        if (typeof key === 'string' || typeof key === 'number') table.set(key, undefined)
      }
      return undefined
    },
  }
}

/** Those that tell how much there is in a table. */
const COUNTING: Readonly<Record<string, LuaNative>> = {
  getn: (list) => tableIn(list).length,
  maxn: (list) =>
    tableIn(list)
      .entries()
      .reduce((most, [key]) => (typeof key === 'number' && key > most ? key : most), 0),
  isempty: (list) => tableIn(list).entries().length === 0,
  isarray: (list) => {
    const table = tableIn(list)
    return table.entries().every(([key]) => typeof key === 'number')
  },
  nkeys: (list) => tableIn(list).entries().length,
}

function tableIn(value: LuaValue): LuaTable {
  if (typeof value === 'object' && value?.kind === 'table') return value
  throw new LuaFault(
    `bad argument #1 (table expected, got ${value === undefined ? 'nil' : typeof value})`,
  )
}

function partOf(value: LuaValue, at: number): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return numberText(value)
  throw new LuaFault(`invalid value (at index ${at}) in table for 'concat'`)
}
