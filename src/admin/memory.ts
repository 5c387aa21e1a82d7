import type { ServingProcess } from '../ports/runtime.ts'
import { parseNumber } from './paging.ts'
import type { Query } from './query.ts'
import { message, type Reply } from './reply.ts'

/** Bytes by Kong's letters for units; without one they stay plain numbers. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ['k', 2 ** 10],
  ['m', 2 ** 20],
  ['g', 2 ** 30],
])
/** Those of Kong's shared dictionaries that are looked for. There are none here: nothing is in them. */
const DICTIONARIES = ['kong', 'kong_db_cache']
const MAX_DECIMALS = 99

/** Why the memory units asked of `/status` are refused; undefined when they are fine. */
export function unitRefusal(query: Query): Reply | undefined {
  const { unit, decimals } = askedOf(query)
  if (isPlain(unit)) return undefined
  if (decimals < 0) return message(400, 'scale must be equal or greater than 0')
  if (UNITS.has(unit.toLowerCase())) return undefined
  return message(400, `invalid unit '${unit}' (expected 'k/K', 'm/M', or 'g/G')`)
}

/** What `/status` tells of memory, in the units asked for. */
export function memoryStatus(
  query: Query,
  processes: readonly ServingProcess[] = [],
): Record<string, unknown> {
  const nothing = inUnits(0, query)
  const dictionary = { allocated_slabs: nothing, capacity: nothing }
  return {
    lua_shared_dicts: Object.fromEntries(DICTIONARIES.map((name) => [name, dictionary])),
    // What is told of Lua's heap there is that of the runtime here.
    workers_lua_vms: processes.map(({ pid, heap }) => ({
      http_allocated_gc: inUnits(heap, query),
      pid,
    })),
  }
}

function inUnits(bytes: number, query: Query): string | number {
  const { unit, decimals } = askedOf(query)
  if (isPlain(unit)) return bytes
  const size = bytes / (UNITS.get(unit.toLowerCase()) ?? 1)
  return `${size.toFixed(Math.min(Math.trunc(decimals), MAX_DECIMALS))} ${unit.toUpperCase()}iB`
}

function isPlain(unit: string): boolean {
  return unit === '' || unit.toLowerCase() === 'b'
}

function askedOf(query: Query): { readonly unit: string; readonly decimals: number } {
  const unit = query.single('unit')
  const scale = query.single('scale')
  return {
    unit: typeof unit === 'string' ? unit : 'm',
    decimals: (typeof scale === 'string' ? parseNumber(scale) : undefined) ?? 2,
  }
}
